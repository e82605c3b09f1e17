// As many tests have run as the document says.
def doc = new File(basedir, '../../../../docs/backends.md').canonicalFile.text
['Backend', 'Network'].each { kind ->
  def told = (doc =~ /\| `${kind}ContractTest` \| (\d+) tests \|/)[0][1]
  def report = new File(basedir, "target/surefire-reports/org.example.Quantising${kind}ContractTest.txt").text
  assert report.contains("Tests run: ${told}, Failures: 0, Errors: 0, Skipped: 0") : report
}
return true
