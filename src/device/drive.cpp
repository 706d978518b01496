// SPDX-License-Identifier: MIT
// Readiness, loading and unloading.
#include "device/drive.h"

#include <utility>

#include "device/win32_codes.h"

namespace ntms::device {
namespace asio = boost::asio;

Drive::Drive(std::unique_ptr<scsi::Transport> transport, Patience patience)
    : commander_(std::move(transport), DeviceKind::drive, patience) {}

asio::awaitable<Result<void>> Drive::attach() {
  Result<DeviceFacts> facts = co_await identify(commander_);
  if (!facts) co_return facts.error();
  if (facts->device_type == scsi::kTypeChanger) {
    co_return fail(kErrorInvalidParameter, uri() + " is a media changer, not a drive");
  }
  facts_ = std::move(*facts);
  const Commander::Drained drained = co_await commander_.drain_attentions();
  if (drained.verdict.delivery != scsi::Delivery::delivered) co_return to_error(drained.verdict);
  commander_.take_attention();
  co_return Result<void>();
}

asio::awaitable<DriveReadiness> Drive::test_ready() {
  co_return co_await wait_ready(std::chrono::milliseconds(0));
}

asio::awaitable<DriveReadiness> Drive::wait_ready(std::chrono::milliseconds limit) {
  const Commander::Outcome outcome = co_await commander_.repeatable(scsi::test_unit_ready(), limit);
  const Verdict& verdict = outcome.verdict;
  if (verdict.ok()) co_return DriveReadiness::ready;
  if (verdict.action == Action::wait) co_return DriveReadiness::becoming_ready;
  if (verdict.sense.is(scsi::kNotReady, 0x04, 0x02)) co_return DriveReadiness::not_loaded;
  if (verdict.sense.is(scsi::kNotReady, 0x30, 0x03)) co_return DriveReadiness::cleaning;
  if (verdict.code == kErrorEmpty) co_return DriveReadiness::empty;
  co_return DriveReadiness::error;
}

asio::awaitable<Result<void>> Drive::load(std::chrono::milliseconds timeout) {
  const bool tape = device_type() == scsi::kTypeTape;
  scsi::Command command = tape ? scsi::load_tape(timeout) : scsi::load_disk(timeout);
  const Commander::Outcome outcome = co_await commander_.repeatable(std::move(command));
  co_return to_result(outcome.verdict);
}

asio::awaitable<Result<void>> Drive::unload(std::chrono::milliseconds timeout) {
  const bool tape = device_type() == scsi::kTypeTape;
  scsi::Command command = tape ? scsi::unload_tape(timeout) : scsi::eject_disk(timeout);
  const Commander::Outcome outcome = co_await commander_.repeatable(std::move(command));
  co_return to_result(outcome.verdict);
}

asio::awaitable<Result<scsi::TapeAlerts>> Drive::alerts() {
  if (no_alerts_) co_return scsi::TapeAlerts();
  const auto outcome = co_await commander_.repeatable(scsi::log_sense(scsi::kTapeAlertPage));
  if (outcome.verdict.ok()) co_return scsi::parse_tape_alerts(outcome.data);
  if (!is_refusal(outcome.verdict)) co_return to_error(outcome.verdict);
  no_alerts_ = true;
  co_return scsi::TapeAlerts();
}

}  // namespace ntms::device
