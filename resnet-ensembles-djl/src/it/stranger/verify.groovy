def output = new File(basedir, 'target/output.txt').text
assert output.readLines().count { it ==~ /delete\{\d\}: \d+ of 100 wrong/ } == 9 : output
assert output.contains('delete{') && output.contains('kendallTau') : output
return true
