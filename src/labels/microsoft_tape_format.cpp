// SPDX-License-Identifier: MIT
#include "labels/microsoft_tape_format.h"

#include <ntmsapi.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>

#include "platform/text.h"

namespace ntms::labels {
namespace {

// Offsets in the block (media-labels 5.1 and 5.2).
constexpr std::size_t kFixedPart = 94;
constexpr std::size_t kHeaderWords = 25;
constexpr std::size_t kOsId = 10;
constexpr std::size_t kStringType = 48;
constexpr std::size_t kChecksum = 50;
constexpr std::size_t kFamily = 52;
constexpr std::size_t kAttributes = 56;
constexpr std::size_t kSequence = 60;
constexpr std::size_t kName = 68;
constexpr std::size_t kDescription = 72;
constexpr std::size_t kSoftware = 80;
constexpr std::size_t kBlockSize = 84;
constexpr std::size_t kDate = 88;
constexpr std::size_t kMajorVersion = 93;

constexpr std::uint32_t kTape = 0x45504154;  // "TAPE"
constexpr std::uint32_t kHasLabel = 2;       // TAPE_MEDIA_LABEL_BIT
constexpr std::uint8_t kAnsi = 1;
constexpr std::uint8_t kUnicode = 2;
constexpr std::uint8_t kWindowsNt = 14;
constexpr std::size_t kShortBlock = 512;
constexpr std::size_t kLongBlock = 1024;
constexpr std::size_t kSideField = 6;  // of the media label string, counted from 0
constexpr std::size_t kMediaIdField = 7;
constexpr std::size_t kUuidLength = 36;

std::uint16_t get_le16(Block block, std::size_t at) {
  return static_cast<std::uint16_t>(block[at] | block[at + 1] << 8);
}
std::uint32_t get_le32(Block block, std::size_t at) {
  return get_le16(block, at) | static_cast<std::uint32_t>(get_le16(block, at + 2)) << 16;
}
void put_le16(std::vector<std::uint8_t>& block, std::size_t at, std::uint32_t value) {
  block[at] = static_cast<std::uint8_t>(value);
  block[at + 1] = static_cast<std::uint8_t>(value >> 8);
}
void put_le32(std::vector<std::uint8_t>& block, std::size_t at, std::uint32_t value) {
  put_le16(block, at, value);
  put_le16(block, at + 2, value >> 16);
}

std::uint16_t checksum(Block block) {
  std::uint16_t sum = 0;
  for (std::size_t word = 0; word < kHeaderWords; ++word) sum ^= get_le16(block, 2 * word);
  return sum;
}

// The string whose address is at `at`, in UTF-8; nothing when it is not inside of the block.
std::optional<std::string> string_at(Block block, std::size_t at) {
  const std::size_t size = get_le16(block, at);
  const std::size_t offset = get_le16(block, at + 2);
  if (size == 0) return std::string();
  if (offset > block.size() || size > block.size() - offset) return std::nullopt;
  std::string text;
  if (block[kStringType] == kUnicode) {
    std::u16string units;
    for (std::size_t i = 0; i + 1 < size; i += 2) {
      units += static_cast<char16_t>(get_le16(block, offset + i));
    }
    text = platform::to_utf8(units);
  } else {
    const std::string bytes(block.begin() + static_cast<std::ptrdiff_t>(offset),
                            block.begin() + static_cast<std::ptrdiff_t>(offset + size));
    text = platform::from_ansi(bytes.data(), bytes.size());
  }
  // Some programs count the terminator.
  text.resize(std::min(text.size(), text.find('\0')));
  return text;
}

bool is_uuid(std::string_view text) {
  if (text.size() != kUuidLength) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) {
      return false;
    }
  }
  return true;
}

std::optional<Guid> first_uuid(std::string_view text) {
  for (std::size_t at = 0; at + kUuidLength <= text.size(); ++at) {
    if (is_uuid(text.substr(at, kUuidLength))) return Guid::parse(text.substr(at, kUuidLength));
  }
  return std::nullopt;
}

// A field of a media label string; nothing when there are not that many.
std::optional<std::string_view> field_of(std::string_view label, std::size_t number) {
  for (std::size_t field = 0; field < number; ++field) {
    const std::size_t bar = label.find('|');
    if (bar == std::string_view::npos) return std::nullopt;
    label.remove_prefix(bar + 1);
  }
  return label.substr(0, label.find('|'));
}

// The UUID in a media label string: in the field for it, or anywhere when there are no fields.
std::optional<Guid> media_id(std::string_view label) {
  return first_uuid(field_of(label, kMediaIdField).value_or(label));
}

std::optional<std::uint32_t> side_number(std::string_view label) {
  const auto field = field_of(label, kSideField);
  if (field == "1") return 0;
  if (field == "2") return 1;
  return std::nullopt;
}

// The parts of a moment, for the two forms in which a tape has one.
struct CalendarTime {
  explicit CalendarTime(std::int64_t seconds)
      : day(std::chrono::floor<std::chrono::days>(
            std::chrono::sys_seconds(std::chrono::seconds(seconds)))),
        date(day),
        time(std::chrono::sys_seconds(std::chrono::seconds(seconds)) - day) {}

  std::chrono::sys_days day;
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<std::chrono::seconds> time;
};

// MTF_DATE_TIME: 14 bits of the year, 4 of the month, 5 of the day, 5, 6 and 6 of the time.
void put_date(std::vector<std::uint8_t>& block, std::size_t at, std::int64_t seconds) {
  const CalendarTime when(seconds);
  std::uint64_t packed = static_cast<std::uint64_t>(static_cast<int>(when.date.year())) & 0x3FFF;
  packed = packed << 4 | static_cast<unsigned>(when.date.month());
  packed = packed << 5 | static_cast<unsigned>(when.date.day());
  packed = packed << 5 | static_cast<std::uint64_t>(when.time.hours().count());
  packed = packed << 6 | static_cast<std::uint64_t>(when.time.minutes().count());
  packed = packed << 6 | static_cast<std::uint64_t>(when.time.seconds().count());
  for (std::size_t i = 0; i < 5; ++i) {
    block[at + i] = static_cast<std::uint8_t>(packed >> (8 * (4 - i)));
  }
}

std::vector<std::uint8_t> encoded(const std::string& utf8, bool unicode) {
  std::vector<std::uint8_t> bytes;
  if (!unicode) {
    const std::string ansi = platform::to_ansi(utf8);
    bytes.assign(ansi.begin(), ansi.end());
    return bytes;
  }
  for (const char16_t unit : platform::to_utf16(utf8)) {
    bytes.push_back(static_cast<std::uint8_t>(unit));
    bytes.push_back(static_cast<std::uint8_t>(unit >> 8));
  }
  return bytes;
}

// What a field of the media label string may consist of (media-labels 5.3).
std::string label_field(const std::string& text) {
  std::string field;
  for (const char c : text) {
    const bool allowed = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                         (c >= 'a' && c <= 'z') ||
                         std::string_view("+-_:/.{}").find(c) != std::string_view::npos;
    field += allowed ? c : '_';
  }
  return field;
}

}  // namespace

std::optional<Label> claim_microsoft_tape_format(Block block) {
  if (block.size() < kShortBlock || get_le32(block, 0) != kTape) return std::nullopt;
  if (checksum(block) != get_le16(block, kChecksum)) return std::nullopt;
  const std::size_t size = get_le16(block, kBlockSize);
  if ((size != kShortBlock && size != kLongBlock) || size > block.size()) return std::nullopt;
  const Block tape = block.first(size);
  if (tape[kStringType] != kAnsi && tape[kStringType] != kUnicode) return std::nullopt;
  const auto software = string_at(tape, kSoftware);
  const auto name = string_at(tape, kName);
  const auto description = string_at(tape, kDescription);
  if (!software || software->empty() || !name || !description) return std::nullopt;
  Label label;
  label.type = cut(*software, kTypeLength);
  label.info = cut(*name, kInfoLength);
  std::optional<Guid> id;
  if ((get_le32(tape, kAttributes) & kHasLabel) != 0) {
    id = media_id(*description);
    label.side = side_number(*description);
  }
  if (id) {
    label.id.assign(id->bytes.begin(), id->bytes.end());
  } else {
    label.id = digest(tape);
  }
  return label;
}

Result<std::vector<std::uint8_t>> make_tape_block(const TapeBlock& tape) {
  if ((tape.block_size != kShortBlock && tape.block_size != kLongBlock) || tape.software.empty()) {
    return fail(ERROR_INVALID_PARAMETER, "a TAPE block has 512 or 1024 bytes and names a program");
  }
  std::vector<std::uint8_t> block(tape.block_size);
  put_le32(block, 0, kTape);
  block[kOsId] = kWindowsNt;
  block[kStringType] = tape.unicode ? kUnicode : kAnsi;
  put_le32(block, kFamily, tape.family);
  put_le32(block, kAttributes, tape.has_label ? kHasLabel : 0);
  put_le16(block, kSequence, 1);
  put_le16(block, kBlockSize, tape.block_size);
  put_date(block, kDate, tape.written);
  block[kMajorVersion] = 1;
  std::size_t end = kFixedPart;
  const auto place = [&](std::size_t at, const std::string& text) {
    const auto bytes = encoded(text, tape.unicode);
    if (bytes.empty()) return true;
    if (bytes.size() > block.size() - end) return false;
    std::copy(bytes.begin(), bytes.end(), block.begin() + static_cast<std::ptrdiff_t>(end));
    put_le16(block, at, static_cast<std::uint32_t>(bytes.size()));
    put_le16(block, at + 2, static_cast<std::uint32_t>(end));
    end += bytes.size();
    return true;
  };
  if (!place(kName, tape.name) || !place(kDescription, tape.description) ||
      !place(kSoftware, tape.software)) {
    return fail(ERROR_INVALID_PARAMETER, "the strings do not fit into a TAPE block");
  }
  put_le16(block, kChecksum, checksum(block));
  return block;
}

std::string to_text(const MediaLabelString& label) {
  const CalendarTime when(label.created);
  char created[32];
  std::snprintf(created, sizeof created, "%04d/%02u/%02u.%02d:%02d:%02d",
                static_cast<int>(when.date.year()), static_cast<unsigned>(when.date.month()),
                static_cast<unsigned>(when.date.day()), static_cast<int>(when.time.hours().count()),
                static_cast<int>(when.time.minutes().count()),
                static_cast<int>(when.time.seconds().count()));
  std::string id = label.id.to_string();
  for (const std::size_t at : {20U, 16U, 12U, 8U}) id.insert(at, 1, '-');
  return "MTF Media Label|1.0|" + label_field(label.vendor) + "|" + label_field(label.product) +
         "|" + created + "|" + label_field(label.cartridge) + "|" + (label.side == 0 ? "1" : "2") +
         "|" + id + "|";
}

}  // namespace ntms::labels
