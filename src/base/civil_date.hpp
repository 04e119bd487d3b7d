// Dates of the proleptic Gregorian calendar as days since 1970-01-01, and back. They are counted in
// years that begin on 1 March, so that the leap day is the last of its year.
#pragma once

#include <cstdint>

namespace holdpoint {

constexpr std::int64_t days_per_era = 146'097;  // 400 years
constexpr std::int64_t epoch_day = 719'468;     // from 0000-03-01 to 1970-01-01

/// Months and days count from 1.
struct Date {
  std::int64_t year;
  std::int64_t month;
  std::int64_t day;
};

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

constexpr std::int64_t days_from_civil(Date date) {
  const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = floor_div(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month_from_march = (date.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
  const std::int64_t leaps = year_of_era / 4 - year_of_era / 100;
  return era * days_per_era + year_of_era * 365 + leaps + day_of_year - epoch_day;
}

constexpr Date civil_from_days(std::int64_t days) {
  const std::int64_t shifted = days + epoch_day;
  const std::int64_t era = floor_div(shifted, days_per_era);
  const std::int64_t day_of_era = shifted - era * days_per_era;
  const std::int64_t leaps = day_of_era / 1'460 - day_of_era / 36'524 + day_of_era / 146'096;
  const std::int64_t year_of_era = (day_of_era - leaps) / 365;
  const std::int64_t year_days = 365 * year_of_era + year_of_era / 4 - year_of_era / 100;
  const std::int64_t day_of_year = day_of_era - year_days;
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

constexpr std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  const Date next = month == 12 ? Date{year + 1, 1, 1} : Date{year, month + 1, 1};
  return days_from_civil(next) - days_from_civil({year, month, 1});
}

}  // namespace holdpoint
