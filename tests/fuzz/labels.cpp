// SPDX-License-Identifier: MIT
// Any bytes as the first block of a tape, and any texts in the labels that are written.
#include <algorithm>

#include "corpus/describe.h"
#include "fuzz/check.h"
#include "labels/free_label.h"
#include "labels/microsoft_tape_format.h"
#include "labels/recognition.h"
#include "labels/tar.h"
#include "labels/volume_label.h"
#include "platform/text.h"

namespace {

using namespace ntms;
using namespace ntms::fuzz;
using labels::Label;

std::size_t units(const std::string& text) {
  return platform::to_utf16(text).size();
}

void check_label(const std::optional<Label>& label) {
  if (!label) return;
  check(!label->type.empty() && units(label->type) <= labels::kTypeLength, "the type fits");
  check(!label->id.empty() && label->id.size() <= labels::kIdLength, "the id fits");
  check(units(label->info) <= labels::kInfoLength, "the info fits");
  check(platform::to_utf8(platform::to_utf16(label->info)) == label->info, "the info is UTF-8");
  check(platform::to_utf8(platform::to_utf16(label->type)) == label->type, "the type is UTF-8");
  check(!label->side || *label->side <= 1, "a medium has two sides");
  check(same_medium(*label, *label), "a label is its own");
}

void check_block(Bytes block) {
  check_label(labels::claim_free_label(block));
  check_label(labels::claim_microsoft_tape_format(block));
  check_label(labels::claim_volume_label(block));
  check_label(labels::claim_tar(block));
  check(!corpus::describe("label", block).empty(), "there is always an answer");
}

// The block with the checksums put right, which mutation alone hardly ever does.
Buffer with_tape_checksum(Bytes block) {
  Buffer mended = part_of(block, block.size());
  std::uint8_t low = 0;
  std::uint8_t high = 0;
  for (std::size_t i = 0; i < 50; i += 2) {
    low = static_cast<std::uint8_t>(low ^ mended[i]);
    high = static_cast<std::uint8_t>(high ^ mended[i + 1]);
  }
  mended[50] = low;
  mended[51] = high;
  return mended;
}

Buffer with_tar_checksum(Bytes block) {
  constexpr std::size_t kChecksum = 148;
  Buffer mended = part_of(block, block.size());
  std::fill_n(mended.begin() + kChecksum, 8, std::uint8_t{' '});
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += mended[i];
  char digits[8];
  std::snprintf(digits, sizeof digits, "%06o", sum);
  std::copy_n(digits, 7, mended.begin() + kChecksum);
  return mended;
}

// The bytes as texts of a free label: it is always made, and read as what it is.
void check_free_label(Bytes data) {
  labels::FreeLabel label;
  if (data.size() < 20) return;
  std::copy_n(data.begin(), 16, label.id.bytes.begin());
  label.side = data[16] & 1U;
  label.written = static_cast<std::int64_t>(data[17]) << 24 | data[18] << 16;
  const std::size_t middle = 20 + data[19] % (data.size() - 19);
  label.bar_code.assign(data.begin() + 20, data.begin() + static_cast<std::ptrdiff_t>(middle));
  label.name.assign(data.begin() + static_cast<std::ptrdiff_t>(middle), data.end());
  const auto read = labels::claim_free_label(labels::make_free_label(label));
  check(read.has_value(), "what was written is read");
  check(read->id == std::vector<std::uint8_t>(label.id.bytes.begin(), label.id.bytes.end()),
        "the id is that of the labelling");
  check(read->side == label.side, "the side is the one that was labelled");
  const std::string name = labels::cut(label.name, 63);
  check(read->info == name.substr(0, name.find('\0')), "the name is what fits of it");
}

// The bytes as texts of a TAPE block, which may not fit.
void check_tape_block(Bytes data) {
  if (data.size() < 4) return;
  labels::TapeBlock tape;
  tape.block_size = (data[0] & 1) != 0 ? 512 : 1024;
  tape.has_label = (data[0] & 2) != 0;
  tape.unicode = (data[0] & 4) != 0;
  const auto part = [&data](std::size_t from, std::size_t to) {
    return std::string(data.begin() + static_cast<std::ptrdiff_t>(from),
                       data.begin() + static_cast<std::ptrdiff_t>(to));
  };
  const std::size_t first = 3 + data[1] % (data.size() - 2);
  const std::size_t second = first + data[2] % (data.size() - first + 1);
  tape.software = part(3, first);
  tape.name = part(first, second);
  tape.description = part(second, data.size());
  const auto block = labels::make_tape_block(tape);
  if (!block) return;
  check(block->size() == tape.block_size, "a block has its size");
  const auto read = labels::claim_microsoft_tape_format(*block);
  check_label(read);
  if (tape.unicode && tape.software[0] != '\0') {
    check(read.has_value(), "what was written is read");
    const std::string name = platform::to_utf8(platform::to_utf16(tape.name));
    check(read->info == labels::cut(name.substr(0, name.find('\0')), labels::kInfoLength),
          "the name is what was written");
  }
}

// A text with a character outside of the basic plane for each high byte: what is cut from it is its
// beginning, in whole characters.
void check_cut(Bytes data) {
  std::string text;
  for (const std::uint8_t byte : data) {
    text += byte < 0x80 ? std::string(1, static_cast<char>(byte)) : "\xF0\x9F\x93\xBC";
  }
  for (const std::size_t most : {data.size() / 2, labels::kTypeLength}) {
    const std::string cut = labels::cut(text, most);
    check(text.starts_with(cut), "what is cut is the beginning");
    check(units(cut) <= most, "it is no longer than asked for");
    check(cut == text || units(cut) + 1 >= most, "it is as long as it can be");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  check_block(bytes);
  if (size >= 512) {
    check_block(with_tape_checksum(bytes));
    check_block(with_tar_checksum(bytes));
  }
  check_cut(bytes);
  check_free_label(bytes);
  check_tape_block(bytes);
  return 0;
}
