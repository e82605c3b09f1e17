// Both streams of the program, and its class path.
def output = new File(basedir, 'target/output.txt').text
assert output.readLines().count { it ==~ /delete\{\d\}: \d+ of 100 wrong/ } == 9 : output
assert new File(basedir, 'target/report.html').text.contains('<svg')
// Java itself warns of native libraries, from version 24 on.
def said = output.readLines().findAll { !it.startsWith('WARNING: ') }.join('\n')
['INFO', 'WARN', 'CUDA', 'SLF4J'].each { noise -> assert !said.contains(noise) : output }

def classPath = output.readLines().find { it.startsWith('class path ') }.tokenize(File.pathSeparator)
assert classPath.any { it.contains('resnet-ensembles-examples') }
['picocli', 'jline', 'progressbar', 'slf4j-simple'].each { guest -> assert !classPath.any { it.contains(guest) } : classPath }
assert classPath.count { it.contains('pytorch-native') } == 1 : classPath
return true
