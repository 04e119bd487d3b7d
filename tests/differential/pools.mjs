// Values that expressions and facts are made of: mostly small ones, so that they meet each other,
// and the edges where arithmetic, text and time go wrong.

export const ints = [0n, 1n, -1n, 2n, 3n, 7n, 10n, 2147483648n, 9007199254740992n,
  9007199254740993n, 9223372036854775807n, -9223372036854775807n, -9223372036854775808n];

export const uints = [0n, 1n, 2n, 3n, 7n, 10n, 4294967296n, 9007199254740993n,
  9223372036854775808n, 18446744073709551615n];

export const doubles = [0, -0, 1, -1, 1.5, -2.5, 0.1, 2, 3, 1e15, 1e-7, 1e21, 9007199254740992,
  9223372036854775807, 18446744073709551615, 1e300, -1e300, 5e-324];

/** Those that every reader of JSON reads to the same bits. */
export const fact_doubles = [0, 1, -1, 1.5, -2.5, 0.25, 2, 3, 1e15, 9007199254740992, 1e21];

export const strings = ['', 'a', 'b', 'c', 'abc', 'ABC', 'café', '😀', 'ﬀ', 'a b', 'it\'s', '"',
  '\\', 'line\nbreak', 'team', 'true', 'false', 'True', '42', '-7', '+7', '0x1F', '1.5', '1e3',
  ' 1', '007', 'NaN', '9223372036854775808', '2026-11-20T06:00:00Z', '1h30m', '-1.5s', '3', '1'];

export const times = ['1970-01-01T00:00:00Z', '2026-11-20T06:00:00Z', '2026-11-20T06:00:00.5+01:00',
  '2024-02-29T23:59:59.999999999Z', '1969-12-31T23:59:59.25Z', '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z', '1900-03-01T00:00:00-03:30'];

export const wrong_times = ['2026-02-29T00:00:00Z', '2026-11-20', '2026-11-20T25:00:00Z', ''];

export const durations = ['0s', '1s', '1h30m', '-1.5s', '1h34us', '250ms', '90m', '24h', '1ns',
  '-0.25s', '2500000h', '-2500000h', '.5s', '1.s', '0', '+1s'];

export const wrong_durations = ['1d', '', '1', 's', '999999999h', '1h-1m', '.s'];

export const zones = ['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Australia/Sydney', '+01:00',
  '-03:30', '02:00', 'Nowhere/Land', '1:00'];

export const patterns = ['^a.c$', 'b+', '[a-c]+', '^$', '\\d+', '(ab|c)', 'é', '.', '^\\w*$',
  'a{2}', '(?i)ABC', '\\s', '[^a]', 'x?'];

/** With the type of the one argument. */
export const formats = [['%s', 'string'], ['a%sb', 'bool'], ['%s', 'int'], ['%%%s', 'uint'],
  ['%d', 'int'], ['%d', 'uint'], ['%d', 'string'], ['%x', 'int'], ['%X', 'uint'], ['%x', 'string'],
  ['%o', 'int'], ['%b', 'int'], ['%b', 'bool'], ['%s%s', 'string'], ['%', 'int'], ['%q', 'int']];
