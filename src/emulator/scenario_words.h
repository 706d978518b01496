// SPDX-License-Identifier: MIT
// The words of a line of a scenario, and what numbers, durations and dates look like.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ntms::emulator {

// A line that is not understood; the parser turns it into an Error with the number of the line.
class WrongLine : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// `name=value`.
struct Option {
  std::string name, value;
};

// The words of one line, read from left to right. Words are separated by blanks; blanks between
// double quotes belong to the word. A word that begins with # begins a comment.
class Words {
 public:
  explicit Words(std::string_view line);  // throws WrongLine: a quote is not closed

  bool done() const { return next_ == words_.size(); }
  // The line without comment, one blank between words.
  const std::string& text() const { return text_; }

  // The next word; `what` says what should be there. Throws WrongLine at the end of the line.
  std::string take(std::string_view what);
  bool next_is(std::string_view word) const { return !done() && words_[next_] == word; }
  // Takes the next word if it is this one.
  bool take_if(std::string_view word);
  // Takes the next word, which must be this one.
  void expect(std::string_view word);
  // Takes the next word if it is an option.
  std::optional<Option> take_option();
  // Throws WrongLine if there is more.
  void end() const;

 private:
  std::vector<std::string> words_;
  std::size_t next_ = 0;
  std::string text_;
};

// These throw WrongLine with `what` (the name of what is wrong) and the text.
// A decimal number between `least` and `most`.
std::uint32_t number_of(std::string_view what, std::string_view text, std::uint32_t least,
                        std::uint32_t most);
// Hexadecimal digits, at most `most`.
std::uint32_t hex_of(std::string_view what, std::string_view text, std::uint32_t most);
// Milliseconds of a text like 1h5m, 90s or 250ms; the units are d, h, m, s and ms. At most `most`.
std::int64_t duration_of(std::string_view what, std::string_view text, std::int64_t most);
// Milliseconds since 1970 UTC of a text like 2026-01-05T08:00:00.
std::int64_t date_of(std::string_view what, std::string_view text);

// A duration as it would be written.
std::string duration_text(std::int64_t milliseconds);

// The longest duration a scenario may name: ten years.
inline constexpr std::int64_t kLongestDuration = 3650LL * 24 * 60 * 60 * 1000;

}  // namespace ntms::emulator
