// SPDX-License-Identifier: MIT
#include "device/tape.h"

#include <utility>

#include "device/win32_codes.h"
#include "scsi/bytes.h"
#include "scsi/density.h"

namespace ntms::device {
namespace asio = boost::asio;

namespace {

constexpr std::uint8_t kFilemark = 0x01;  // additional sense 00/01
constexpr std::uint8_t kInvalidField = 0x24;

asio::awaitable<Result<void>> rewind(Drive& drive) {
  const auto outcome = co_await drive.commander().repeatable(scsi::rewind_tape());
  co_return to_result(outcome.verdict);
}

// Whether the end of a READ says that nothing is recorded there.
bool is_no_data(const Verdict& verdict) {
  const scsi::Sense& sense = verdict.sense;
  if (!sense.valid) return false;
  return sense.key == scsi::kBlankCheck ||
         (sense.key == scsi::kNoSense && sense.asc == 0 && sense.ascq == kFilemark);
}

// Of the density that the tape has, else of the drive's default for it; 0 when it does not tell.
asio::awaitable<std::uint64_t> capacity_of(Drive& drive, std::uint8_t density) {
  const auto reply = co_await drive.commander().repeatable(scsi::report_density_support(true));
  if (!reply.verdict.ok()) co_return std::uint64_t{0};
  const auto densities = scsi::parse_density_support(reply.data);
  if (!densities) co_return std::uint64_t{0};
  std::uint64_t capacity = 0;
  for (const scsi::Density& each : *densities) {
    if (each.code == density) co_return each.capacity;
    if (each.is_default) capacity = each.capacity;
  }
  co_return capacity;
}

}  // namespace

asio::awaitable<Result<TapeFacts>> tape_facts(Drive& drive, bool capacity) {
  const auto outcome = co_await drive.commander().repeatable(scsi::mode_sense_block_descriptor());
  if (!outcome.verdict.ok()) co_return to_error(outcome.verdict);
  const scsi::Bytes data(outcome.data);
  TapeFacts facts;
  if (data.size() < 4) co_return fail(kErrorDeviceNotAvailable, "a short answer to MODE SENSE");
  facts.write_protected = (data[2] & 0x80) != 0;
  if (data[3] >= 8 && data.size() >= 12) {
    facts.density = data[4];
    facts.block_length = scsi::get_be24(data, 9);
  }
  if (capacity) facts.capacity = co_await capacity_of(drive, facts.density);
  co_return facts;
}

asio::awaitable<Result<std::optional<std::vector<std::uint8_t>>>> read_first_block(
    Drive& drive, std::uint32_t limit) {
  using Block = std::optional<std::vector<std::uint8_t>>;
  if (const auto rewound = co_await rewind(drive); !rewound) co_return rewound.error();
  auto read = co_await drive.commander().repeatable(scsi::read_block(limit));
  const scsi::Sense& sense = read.verdict.sense;
  if (!read.verdict.ok() && sense.valid && sense.key == scsi::kIllegalRequest &&
      sense.asc == kInvalidField) {
    const auto facts = co_await tape_facts(drive);
    if (!facts) co_return facts.error();
    if (facts->block_length == 0) co_return to_error(read.verdict);
    read = co_await drive.commander().repeatable(scsi::read_block(facts->block_length, true));
  }
  const bool no_data = !read.verdict.ok() && is_no_data(read.verdict);
  if (!read.verdict.ok() && !no_data) co_return to_error(read.verdict);
  if (const auto rewound = co_await rewind(drive); !rewound) co_return rewound.error();
  Block block;
  if (!no_data) block = std::move(read.data);
  co_return block;
}

asio::awaitable<Result<void>> write_first_block(Drive& drive, std::vector<std::uint8_t> block) {
  constexpr int kAttempts = 2;  // after a lost link the tape is somewhere: from the beginning again
  const auto facts = co_await tape_facts(drive);
  if (!facts) co_return facts.error();
  if (facts->write_protected) {
    co_return fail(kErrorWriteProtect, "the tape is write protected");
  }
  if (facts->block_length != 0) {
    const auto selected = co_await drive.commander().repeatable(scsi::mode_select_block_length(0));
    if (!selected.verdict.ok()) co_return to_error(selected.verdict);
  }
  Verdict verdict;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (const auto rewound = co_await rewind(drive); !rewound) co_return rewound.error();
    // Sent once: a command that wrote moves the tape.
    verdict = co_await drive.commander().motion(scsi::write_block(block));
    if (verdict.ok()) verdict = co_await drive.commander().motion(scsi::write_filemarks(1));
    if (verdict.ok()) co_return co_await rewind(drive);
  }
  co_return to_error(verdict);
}

}  // namespace ntms::device
