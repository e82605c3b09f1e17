// Makes a project of what docs/backends.md shows: its POM, its backend, and the two tests.
def doc = new File(basedir, '../../../../docs/backends.md').canonicalFile.text
def block = { pattern ->
  def found = doc =~ pattern
  assert found.find() : "docs/backends.md has no block like ${pattern}"
  found.group(1)
}
def write = { path, text ->
  def file = new File(basedir, path)
  file.parentFile.mkdirs()
  file.text = text
}
def imports = { rooms -> (rooms.collect { "io.github.resnetensembles.${it}*" } + 'java.util.*').collect { "import ${it};\n" }.join() }
def code = { type -> block(/(?s)<!-- region ${type} backends -->\s*```java\n(.*?)```/) }

write('pom.xml', block(/(?s)```xml\n(<project .*?)```/))
['QuantisingBackend', 'QuantisingNetwork'].each { type ->
  write("src/main/java/org/example/${type}.java",
      "package org.example;\n" + imports(['', 'model.', 'spi.', 'weights.']) + code(type))
}
['Backend', 'Network'].each { kind ->
  write("src/test/java/org/example/Quantising${kind}ContractTest.java",
      "package org.example;\n" + imports(['spi.', 'testkit.'])
          + code('QuantisingNetworkContractTest').replace('NetworkContractTest', "${kind}ContractTest"))
}
def service = 'src/main/resources/META-INF/services/io.github.resnetensembles.spi.Backend'
write(service, block(/`${service}` is `(.*?)`/))
return true
