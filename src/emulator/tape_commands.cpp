// SPDX-License-Identifier: MIT
// The drive's commands that position, read and write.
#include "emulator/drive.h"
#include "emulator/opcodes.h"

namespace ntms::emulator {
namespace {

constexpr Sense kFilemarkDetected{0, 0x00, 0x01, true};
constexpr Sense kBeginningOfPartition{0, 0x00, 0x04, false, true};
constexpr Sense kEndOfData{8, 0x00, 0x05};
constexpr Sense kBlockLengthDiffers{0, 0x00, 0x00, false, false, true};

Sense with_information(Sense sense, std::int64_t information) {
  sense.information = static_cast<std::int32_t>(information);
  return sense;
}

Answer check_with_data(const Sense& sense, std::vector<std::uint8_t> data) {
  Answer answer = check(sense);
  answer.data = std::move(data);
  return answer;
}

// Signed 24-bit count of SPACE.
std::int64_t signed_be24(std::uint32_t value) {
  constexpr std::uint32_t kSign = 0x800000;
  return (value & kSign) != 0 ? std::int64_t{value} - 0x1000000 : std::int64_t{value};
}

// One block of any length; the transfer length is in bytes.
Answer read_variable(ReadyDrive& ready, std::uint32_t length, bool silent) {
  auto record = ready.tape.read(ready.drive.position);
  if (!record) return check(with_information(kEndOfData, length));
  ++ready.drive.position;
  if (record->filemark) return check(with_information(kFilemarkDetected, length));
  const auto actual = static_cast<std::int64_t>(record->data.size());
  record->data.resize(std::min<std::size_t>(record->data.size(), length));
  // SILI silences a short block; a long one too, as blocks have no fixed length here.
  if (actual != length && !silent) {
    return check_with_data(with_information(kBlockLengthDiffers, std::int64_t{length} - actual),
                           std::move(record->data));
  }
  return good(std::move(record->data));
}

// `blocks` blocks of the drive's block length.
Answer read_fixed(ReadyDrive& ready, std::uint32_t blocks) {
  std::vector<std::uint8_t> data;
  const auto block_length = static_cast<std::size_t>(ready.drive.block_length);
  for (std::int64_t left = blocks; left > 0; --left) {
    auto record = ready.tape.read(ready.drive.position);
    if (!record) return check_with_data(with_information(kEndOfData, left), std::move(data));
    ++ready.drive.position;
    if (record->filemark) {
      return check_with_data(with_information(kFilemarkDetected, left), std::move(data));
    }
    if (record->data.size() != block_length) {
      return check_with_data(with_information(kBlockLengthDiffers, left), std::move(data));
    }
    data.insert(data.end(), record->data.begin(), record->data.end());
  }
  return good(std::move(data));
}

// SSC-4 5.4.
Answer read(const Call& call, ReadyDrive& ready) {
  const bool fixed = (call.byte(1) & 0x01) != 0;
  const bool silent = (call.byte(1) & 0x02) != 0;
  const std::uint32_t length = call.be24(2);
  if (fixed && (silent || ready.drive.block_length == 0)) return check(sense::kInvalidField);
  if (length == 0) return good();
  return fixed ? read_fixed(ready, length) : read_variable(ready, length, silent);
}

// SSC-4 5.6. Writing forgets what was recorded from here on.
Answer write(const Call& call, ReadyDrive& ready) {
  const bool fixed = (call.byte(1) & 0x01) != 0;
  const std::uint64_t length = call.be24(2);
  if (fixed && ready.drive.block_length == 0) return check(sense::kInvalidField);
  if (!fixed && length > kMaximumBlock) return check(sense::kInvalidField);
  const auto block = fixed ? static_cast<std::uint64_t>(ready.drive.block_length) : length;
  const std::uint64_t bytes = fixed ? length * block : length;
  if (ready.write_protected) return check(sense::kWriteProtected);
  if (bytes == 0) return good();
  const scsi::Bytes data(call.command.data_out);
  if (data.size() != bytes) return check(sense::kInvalidField);
  ready.tape.truncate(ready.drive.position);
  for (std::uint64_t at = 0; at < bytes; at += block) {
    ready.tape.append_block(data.subspan(at, block));
    ++ready.drive.position;
  }
  return good();
}

// SSC-4 5.8.
Answer write_filemarks(const Call& call, ReadyDrive& ready) {
  const std::uint32_t count = call.be24(2);
  constexpr std::uint32_t kMaximum = 10000;  // more at once is a mistake of the caller
  if ((call.byte(1) & 0x02) != 0 || count > kMaximum) return check(sense::kInvalidField);
  if (count == 0) return good();  // only flushes
  if (ready.write_protected) return check(sense::kWriteProtected);
  ready.tape.truncate(ready.drive.position);
  for (std::uint32_t i = 0; i < count; ++i) ready.tape.append_filemark();
  ready.drive.position += count;
  return good();
}

// Steps over blocks, or over filemarks, until `count` are behind (negative: backwards).
Answer space_over(ReadyDrive& ready, std::int64_t count, bool filemarks) {
  const bool backwards = count < 0;
  std::int64_t left = backwards ? -count : count;
  std::int64_t& position = ready.drive.position;
  while (left > 0) {
    if (backwards && position == 0) return check(with_information(kBeginningOfPartition, left));
    const auto filemark = ready.tape.filemark_at(backwards ? position - 1 : position);
    if (!filemark) return check(with_information(kEndOfData, left));
    position += backwards ? -1 : 1;
    // Blocks are counted up to the next filemark, which is passed; filemarks over any blocks.
    if (!filemarks && *filemark) return check(with_information(kFilemarkDetected, left));
    if (!filemarks || *filemark) --left;
  }
  return good();
}

// SSC-4 5.5 (SPACE).
Answer space(const Call& call, ReadyDrive& ready) {
  constexpr std::uint8_t kBlocks = 0;
  constexpr std::uint8_t kFilemarks = 1;
  constexpr std::uint8_t kEnd = 3;
  const std::uint8_t code = call.byte(1) & 0x0F;
  if (code == kEnd) {
    ready.drive.position = ready.tape.count();
    return good();
  }
  if (code != kBlocks && code != kFilemarks) return check(sense::kInvalidField);
  return space_over(ready, signed_be24(call.be24(2)), code == kFilemarks);
}

// SSC-4 7.7, short form.
Answer read_position(const Call& call, const ReadyDrive& ready) {
  if ((call.byte(1) & 0x1F) > 1) return check(sense::kInvalidField);
  std::vector<std::uint8_t> data(20);
  if (ready.drive.position == 0) data[0] = 0x80;
  scsi::put_be32(data, 4, static_cast<std::uint32_t>(ready.drive.position));
  scsi::put_be32(data, 8, static_cast<std::uint32_t>(ready.drive.position));
  return good(std::move(data));
}

// SSC-4 7.3.
Answer locate(const Call& call, ReadyDrive& ready) {
  if ((call.byte(1) & 0x02) != 0) return check(sense::kInvalidField);  // one partition only
  const std::int64_t end = ready.tape.count();
  ready.drive.position = std::min<std::int64_t>(call.be32(3), end);
  return call.be32(3) > end ? check(kEndOfData) : good();
}

Answer erase(ReadyDrive& ready) {
  if (ready.write_protected) return check(sense::kWriteProtected);
  ready.tape.truncate(ready.drive.position);
  return good();
}

}  // namespace

std::optional<Answer> tape_command(const Call& call, ReadyDrive& ready) {
  switch (call.opcode()) {
    case op::kRewind:
      ready.drive.position = 0;
      return good();
    case op::kRead6:
      return read(call, ready);
    case op::kWrite6:
      return write(call, ready);
    case op::kWriteFilemarks6:
      return write_filemarks(call, ready);
    case op::kSpace6:
      return space(call, ready);
    case op::kReadPosition:
      return read_position(call, ready);
    case op::kLocate10:
      return locate(call, ready);
    case op::kErase6:
      return erase(ready);
    default:
      return std::nullopt;
  }
}

}  // namespace ntms::emulator
