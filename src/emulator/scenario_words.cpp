// SPDX-License-Identifier: MIT
#include "emulator/scenario_words.h"

#include <array>
#include <charconv>
#include <chrono>

namespace ntms::emulator {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};
constexpr std::array<Unit, 5> kUnits{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};

bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

[[noreturn]] void wrong(std::string_view what, std::string_view text, std::string_view rule) {
  throw WrongLine(std::string(what) + " \"" + std::string(text) + "\" " + std::string(rule));
}

// Digits and nothing else.
std::optional<std::uint64_t> digits_of(std::string_view text, int base) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

// The number of milliseconds in `text`, which must use units from `unit` on, larger ones first.
std::optional<std::int64_t> sum_of_units(std::string_view text) {
  std::size_t unit = 0;
  std::int64_t sum = 0;
  do {
    std::size_t digits = 0;
    while (digits < text.size() && digit(text[digits])) ++digits;
    std::size_t end = digits;
    while (end < text.size() && !digit(text[end])) ++end;
    const auto count = digits_of(text.substr(0, digits), 10);
    const std::string_view name = text.substr(digits, end - digits);
    while (unit < kUnits.size() && kUnits[unit].name != name) ++unit;
    if (!count || unit == kUnits.size()) return std::nullopt;
    const std::int64_t size = kUnits[unit++].milliseconds;
    if (*count > static_cast<std::uint64_t>(kLongestDuration / size)) return kLongestDuration + 1;
    sum += static_cast<std::int64_t>(*count) * size;
    text.remove_prefix(end);
  } while (!text.empty());
  return sum;
}

}  // namespace

Words::Words(std::string_view line) {
  std::size_t at = 0;
  for (;;) {
    while (at < line.size() && blank(line[at])) ++at;
    if (at == line.size() || line[at] == '#') break;
    const std::size_t begin = at;
    std::string word;
    bool quoted = false;
    for (; at < line.size() && (quoted || !blank(line[at])); ++at) {
      if (line[at] == '"') {
        quoted = !quoted;
      } else {
        word += line[at];
      }
    }
    if (quoted) throw WrongLine("a quote is not closed");
    words_.push_back(word);
    if (!text_.empty()) text_ += ' ';
    text_ += line.substr(begin, at - begin);
  }
}

std::string Words::take(std::string_view what) {
  if (done()) throw WrongLine(std::string(what) + " is missing at the end of the line");
  return words_[next_++];
}

bool Words::take_if(std::string_view word) {
  if (!next_is(word)) return false;
  ++next_;
  return true;
}

void Words::expect(std::string_view word) {
  const std::string found = take("\"" + std::string(word) + "\"");
  if (found != word) wrong("the word", found, "should be \"" + std::string(word) + "\"");
}

std::optional<Option> Words::take_option() {
  if (done()) return std::nullopt;
  const std::string& word = words_[next_];
  const auto equals = word.find('=');
  if (equals == std::string::npos) return std::nullopt;
  ++next_;
  return Option{word.substr(0, equals), word.substr(equals + 1)};
}

void Words::end() const {
  if (!done()) wrong("the word", words_[next_], "does not belong here");
}

std::uint32_t number_of(std::string_view what, std::string_view text, std::uint32_t least,
                        std::uint32_t most) {
  const auto value = digits_of(text, 10);
  if (!value || *value < least || *value > most) {
    wrong(what, text,
          "is not a number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<std::uint32_t>(*value);
}

std::uint32_t hex_of(std::string_view what, std::string_view text, std::uint32_t most) {
  const auto value = digits_of(text, 16);
  if (!value || *value > most) wrong(what, text, "is not a hexadecimal number that fits there");
  return static_cast<std::uint32_t>(*value);
}

std::int64_t duration_of(std::string_view what, std::string_view text, std::int64_t most) {
  const auto sum = sum_of_units(text);
  if (!sum) wrong(what, text, "is not a duration like 1h5m, 90s or 250ms (units d, h, m, s, ms)");
  if (*sum > most) wrong(what, text, "is longer than " + duration_text(most));
  return *sum;
}

std::int64_t date_of(std::string_view what, std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  bool formed = text.size() == kForm.size();
  for (std::size_t i = 0; formed && i < kForm.size(); ++i) {
    formed = kForm[i] == '0' ? digit(text[i]) : kForm[i] == text[i];
  }
  if (!formed) wrong(what, text, "is not a date like 2026-01-05T08:00:00");
  const auto field = [&](std::size_t at, std::size_t length) {
    return static_cast<unsigned>(*digits_of(text.substr(at, length), 10));
  };
  namespace chrono = std::chrono;
  const chrono::year_month_day day{chrono::year(static_cast<int>(field(0, 4))),
                                   chrono::month(field(5, 2)), chrono::day(field(8, 2))};
  const unsigned hour = field(11, 2);
  const unsigned minute = field(14, 2);
  const unsigned second = field(17, 2);
  if (!day.ok() || hour > 23 || minute > 59 || second > 59) {
    wrong(what, text, "is not in the calendar");
  }
  const chrono::sys_seconds time = chrono::sys_days(day) + chrono::hours(hour) +
                                   chrono::minutes(minute) + chrono::seconds(second);
  return time.time_since_epoch().count() * 1000;
}

std::string duration_text(std::int64_t milliseconds) {
  std::string text;
  for (const Unit& unit : kUnits) {
    const std::int64_t count = milliseconds / unit.milliseconds;
    if (count != 0) text += std::to_string(count) + std::string(unit.name);
    milliseconds %= unit.milliseconds;
  }
  return text.empty() ? "0s" : text;
}

}  // namespace ntms::emulator
