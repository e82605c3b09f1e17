(function () {
  function compare(a, b) {
    return a < b ? 1 : a > b ? -1 : 0;
  }

  function value(text) {
    var number = Number(text);
    return text === '' || isNaN(number) ? -Infinity : number;
  }

  function never() {
    return false;
  }

  Tablesort.extend('value', never, function (a, b) {
    return compare(value(a), value(b));
  });
  Tablesort.extend('words', never, function (a, b) {
    return a.localeCompare(b, 'en', { numeric: true }) * -1;
  });
  document.querySelectorAll('table').forEach(function (table) {
    new Tablesort(table);
  });
})();
