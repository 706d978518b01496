// SPDX-License-Identifier: MIT
// Getting to know a changer, and its commands other than READ ELEMENT STATUS.
#include "device/changer.h"

#include <algorithm>
#include <utility>

#include "device/win32_codes.h"
#include "scsi/commands.h"

namespace ntms::device {
namespace asio = boost::asio;

namespace {

// A verdict reached without asking the device.
Verdict refuse(std::uint32_t code, std::string words, Action action = Action::fail) {
  Verdict verdict;
  verdict.action = action;
  verdict.happened = Happened::no;
  verdict.code = code;
  verdict.words = std::move(words);
  verdict.delivery = scsi::Delivery::not_sent;
  return verdict;
}

std::string unsupported(const scsi::Command& command) {
  return "the changer does not support " +
         std::string(scsi::command_name(command.cdb.opcode(), true));
}

}  // namespace

Changer::Changer(std::unique_ptr<scsi::Transport> transport, Patience patience)
    : commander_(std::move(transport), DeviceKind::changer, patience) {}

bool Changer::known(std::uint16_t address) const {
  return std::any_of(scsi::kElementTypes.begin(), scsi::kElementTypes.end(),
                     [&](ElementType type) { return geometry_.of(type).contains(address); });
}

asio::awaitable<Result<void>> Changer::attach() {
  lacking_ = {};
  proven_ = {};
  tags_refused_ = {};
  tags_accepted_ = {};
  device_ids_refused_ = false;

  Result<DeviceFacts> facts = co_await identify(commander_);
  if (!facts) co_return facts.error();
  if (facts->device_type != scsi::kTypeChanger) {
    co_return fail(kErrorInvalidParameter, uri() + " is not a media changer (device type " +
                                               std::to_string(facts->device_type) + ")");
  }
  facts_ = std::move(*facts);

  // A changer that waits for a person still answers MODE SENSE: whether it is usable is not decided
  // here. One that is becoming ready may not know its elements yet.
  Verdict ready = co_await wait_ready(commander_.patience().ready_limit);
  if (ready.delivery != scsi::Delivery::delivered || ready.action == Action::wait) {
    co_return to_error(ready);
  }

  Result<void> geometry = co_await read_geometry();
  if (!geometry) co_return geometry.error();

  co_await read_capabilities();
  commander_.take_attention();  // nothing was believed about the device before
  co_return Result<void>();
}

// What the changer claims to be able to do. A page that it does not know is no error.
asio::awaitable<void> Changer::read_capabilities() {
  capabilities_.reset();
  turns_media_ = false;
  std::vector<std::uint8_t> data;
  Result<scsi::ModeSense> form = co_await read_mode_page(scsi::kDeviceCapabilitiesPage, data);
  if (form) {
    const auto page = scsi::find_mode_page(data, *form, scsi::kDeviceCapabilitiesPage);
    if (page) {
      const auto capabilities = scsi::parse_device_capabilities(*page);
      if (capabilities) capabilities_ = *capabilities;
    }
  }
  form = co_await read_mode_page(scsi::kTransportGeometryPage, data);
  if (form) {
    const auto page = scsi::find_mode_page(data, *form, scsi::kTransportGeometryPage);
    if (page) {
      const auto rotates = scsi::parse_transport_rotates(*page);
      turns_media_ = rotates && *rotates;
    }
  }
}

// Reads a mode page that is really in the reply, with MODE SENSE (10) or else (6).
asio::awaitable<Result<scsi::ModeSense>> Changer::read_mode_page(std::uint8_t page,
                                                                 std::vector<std::uint8_t>& data) {
  Commander::Outcome outcome = co_await commander_.repeatable(scsi::mode_sense_10(page));
  if (outcome.verdict.ok() && scsi::find_mode_page(outcome.data, scsi::ModeSense::ten, page)) {
    data = std::move(outcome.data);
    co_return scsi::ModeSense::ten;
  }
  if (outcome.verdict.delivery != scsi::Delivery::delivered) co_return to_error(outcome.verdict);
  outcome = co_await commander_.repeatable(scsi::mode_sense_6(page));
  if (!outcome.verdict.ok()) co_return to_error(outcome.verdict);
  data = std::move(outcome.data);
  co_return scsi::ModeSense::six;
}

asio::awaitable<Result<void>> Changer::read_geometry() {
  std::vector<std::uint8_t> data;
  Result<scsi::ModeSense> form = co_await read_mode_page(scsi::kElementAddressAssignmentPage, data);
  if (form) {
    const auto page = scsi::find_mode_page(data, *form, scsi::kElementAddressAssignmentPage);
    if (page) {
      const auto geometry = scsi::parse_element_address_assignment(*page);
      // A page of zeros is a page that is not there.
      if (geometry && *geometry != Geometry{}) {
        geometry_ = *geometry;
        co_return Result<void>();
      }
    }
  }
  if (commander_.last_verdict().delivery != scsi::Delivery::delivered) {
    co_return to_error(commander_.last_verdict());
  }
  co_return co_await explore_geometry();
}

// The elements a device reports when asked for all addresses, for devices without page 1Dh.
asio::awaitable<Result<void>> Changer::explore_geometry() {
  Geometry geometry;
  bool any = false;
  for (const ElementType type : scsi::kElementTypes) {
    const ElementRange everything{0, 0xFFFF};
    Result<std::vector<ElementStatus>> elements = co_await walk(type, everything, false);
    if (!elements) {
      if (commander_.last_verdict().sense.key != scsi::kIllegalRequest) {
        co_return elements.error();
      }
      continue;  // no elements of this type
    }
    if (elements->empty()) continue;
    any = true;
    const std::uint16_t first = elements->front().address;
    geometry.of(type) =
        ElementRange{first, static_cast<std::uint16_t>(elements->back().address - first + 1)};
  }
  if (!any) {
    co_return fail(kErrorResourceNotPresent, uri() + " reports no elements");
  }
  geometry_ = geometry;
  co_return Result<void>();
}

asio::awaitable<MoveResult> Changer::move(std::uint16_t from, std::uint16_t to, bool turn) {
  if (!known(from) || !known(to)) {
    co_return refuse(kErrorInvalidAddress, "MOVE MEDIUM from " + std::to_string(from) + " to " +
                                               std::to_string(to) +
                                               ": not an element of this changer");
  }
  if (turn && !turns_media_) {
    co_return refuse(kErrorNotSupported, "the changer does not turn media over");
  }
  co_return co_await move_safely(scsi::move_medium(arm(), from, to, turn));
}

asio::awaitable<MoveResult> Changer::exchange(std::uint16_t from, std::uint16_t to,
                                              std::uint16_t second) {
  scsi::Command command = scsi::exchange_medium(arm(), from, to, second);
  if (!known(from) || !known(to) || !known(second)) {
    co_return refuse(kErrorInvalidAddress, "EXCHANGE MEDIUM: not an element of this changer");
  }
  if (lacks(Feature::exchange)) co_return refuse(kErrorNotSupported, unsupported(command));
  MoveResult result = co_await move_safely(std::move(command));
  if (is_refusal(result)) lacks(Feature::exchange) = true;
  co_return result;
}

bool Changer::may_exchange() const {
  if (lacks(Feature::exchange)) return false;
  if (!capabilities_) return true;
  const auto& claimed = capabilities_->exchanges;
  return std::any_of(claimed.begin(), claimed.end(), [](std::uint8_t to) { return to != 0; });
}

asio::awaitable<MoveResult> Changer::move_safely(scsi::Command command) {
  constexpr unsigned kTries = 3;
  const auto moment = std::min<std::chrono::milliseconds>(std::chrono::seconds(10),
                                                          commander_.patience().ready_limit);
  for (unsigned tries = 1;; ++tries) {
    const Commander::Drained drained = co_await commander_.drain_attentions();
    if (drained.verdict.delivery != scsi::Delivery::delivered) {
      MoveResult result = drained.verdict;  // nothing but TEST UNIT READY was sent
      result.happened = Happened::no;
      co_return result;
    }
    if (!drained.doubt.empty()) {
      co_return refuse(kErrorMediumNotAccessible,
                       "not moved, the contents may have changed: " + drained.doubt,
                       Action::reconcile);
    }
    MoveResult result = co_await commander_.motion(command);
    // A device that was not ready has not moved anything: it may be asked again when it is.
    if (result.action != Action::wait || result.happened != Happened::no || tries == kTries) {
      co_return result;
    }
    const Verdict ready = co_await wait_ready(moment);
    if (ready.action == Action::wait) co_return result;
  }
}

asio::awaitable<Result<void>> Changer::optional_command(Feature feature, scsi::Command command) {
  const std::string refusal = unsupported(command);
  if (lacks(feature)) co_return fail(kErrorNotSupported, refusal);
  const Commander::Outcome outcome = co_await commander_.repeatable(std::move(command));
  bool& proven = proven_[static_cast<std::size_t>(feature)];
  if (outcome.verdict.sense.is(scsi::kIllegalRequest, 0x20, 0x00)) {
    // What it has done before it knows; something else is the matter.
    if (proven) co_return fail(kErrorDeviceNotAvailable, outcome.verdict.words);
    lacks(feature) = true;
    co_return fail(kErrorNotSupported, refusal + " (" + outcome.verdict.words + ")");
  }
  proven = proven || outcome.verdict.ok();
  co_return to_result(outcome.verdict);
}

asio::awaitable<Result<void>> Changer::position(std::uint16_t address) {
  if (!known(address)) {
    co_return fail(kErrorInvalidAddress, "POSITION TO ELEMENT: not an element of this changer");
  }
  co_return co_await optional_command(Feature::position, scsi::position_to_element(arm(), address));
}

asio::awaitable<Result<void>> Changer::initialize(std::optional<ElementRange> part) {
  if (!part) {
    co_return co_await optional_command(Feature::initialize, scsi::initialize_element_status());
  }
  co_return co_await optional_command(
      Feature::initialize_range,
      scsi::initialize_element_status_with_range(part->first, part->count));
}

asio::awaitable<Result<void>> Changer::prevent(bool locked) {
  const Result<void> done =
      co_await optional_command(Feature::prevent, scsi::prevent_allow_medium_removal(locked));
  lock_owed_.reset();
  if (!done && !lacks(Feature::prevent)) lock_owed_ = locked;
  co_return done;
}

asio::awaitable<void> Changer::settle_lock() {
  if (lock_owed_) (void)co_await prevent(*lock_owed_);
}

asio::awaitable<Result<void>> Changer::operate_port(Feature feature,
                                                    std::optional<std::uint16_t> address) {
  const std::uint16_t port = address.value_or(geometry_.import_export.first);
  if (!geometry_.import_export.contains(port)) {
    co_return fail(kErrorResourceNotPresent, "the changer has no such import/export element");
  }
  scsi::Command command = feature == Feature::open ? scsi::open_import_export_element(port)
                                                   : scsi::close_import_export_element(port);
  co_return co_await optional_command(feature, std::move(command));
}

asio::awaitable<Result<void>> Changer::open_port(std::optional<std::uint16_t> address) {
  co_return co_await operate_port(Feature::open, address);
}

asio::awaitable<Result<void>> Changer::close_port(std::optional<std::uint16_t> address) {
  co_return co_await operate_port(Feature::close, address);
}

asio::awaitable<Commander::Drained> Changer::look_at_doors() {
  co_return co_await commander_.drain_attentions();
}

asio::awaitable<Verdict> Changer::test_ready() {
  co_return co_await wait_ready(std::chrono::milliseconds(0));
}

asio::awaitable<Verdict> Changer::wait_ready(std::chrono::milliseconds limit) {
  const Commander::Outcome outcome = co_await commander_.repeatable(scsi::test_unit_ready(), limit);
  co_return outcome.verdict;
}

}  // namespace ntms::device
