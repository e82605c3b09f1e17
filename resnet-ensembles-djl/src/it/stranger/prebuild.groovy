// Makes the README's Java example a program.
def readme = new File(basedir, '../../../../README.md').canonicalFile.text
def block = (readme =~ /(?s)<!-- region LesionStudyExample readme -->\s*```java\n(.*?)```/)
assert block.find() : 'README.md has no block LesionStudyExample'
def source = new File(basedir, 'src/main/java/Stranger.java')
source.parentFile.mkdirs()
source.text = """
import io.github.resnetensembles.images.*;
import io.github.resnetensembles.lesion.*;
import io.github.resnetensembles.model.*;
import io.github.resnetensembles.network.*;
import io.github.resnetensembles.weights.*;
import java.io.PrintStream;

class Stranger {
  public static void main(String[] args) {
    PrintStream out = System.out;
${block.group(1)}
  }
}
"""
return true
