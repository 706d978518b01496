// SPDX-License-Identifier: MIT
#include "emulator/changer.h"

#include "emulator/changer_mode.h"
#include "emulator/element_status.h"
#include "emulator/elements.h"
#include "emulator/nexus.h"
#include "emulator/opcodes.h"
#include "emulator/quirks.h"

namespace ntms::emulator {
namespace {

constexpr bool same(std::int64_t a, std::int64_t b) {
  return a == b;
}

// 0 names the default transport element (SMC-3 6.5).
bool is_transport(const Call& call, std::uint32_t address) {
  return address == 0 || address == call.geometry().first_transport;
}

// Whether the arm can reach an element. A port that a move has extended retracts by itself.
std::optional<Sense> cannot_reach(const Call& call, const Element& element) {
  if (element.extended && !call.geometry().move_extends()) return sense::kPortNotAccessible;
  if (element.removed) return sense::kMagazineRemoved;
  return std::nullopt;
}

// Whether a cartridge can be taken out of an element.
std::optional<Sense> cannot_take(const Call& call, const Element& element) {
  if (const auto refused = cannot_reach(call, element)) return refused;
  if (!element.full()) return sense::kSourceEmpty;
  if (element.type != ElementType::drive) return std::nullopt;
  const auto lun = static_cast<unsigned>(element.number + 1);
  if (Nexuses(call.db()).prevented(lun)) return sense::kRemovalPrevented;
  if (call.geometry().unload_before_move && Elements(call.file).holds(element, call.now)) {
    return sense::kLoadOrEjectFailed;
  }
  const std::int64_t late = Quirks(call.db()).value(NTMS_EMULATOR_QUIRK_LATE_ACCESS);
  if (Elements(call.file).just_unloaded(element, call.now, late)) return sense::kLoadOrEjectFailed;
  return std::nullopt;
}

// Whether an element can take a cartridge. `vacated`: its own leaves first.
std::optional<Sense> cannot_put(const Call& call, const Element& element, bool vacated) {
  if (const auto refused = cannot_reach(call, element)) return refused;
  if (element.full() && !vacated) return sense::kDestinationFull;
  return std::nullopt;
}

// Whether the arm holds a cartridge already, other than the one to be moved.
bool arm_is_full(const Call& call, const Element& source) {
  if (source.type == ElementType::transport) return false;
  const auto arm = Elements(call.file).at(call.geometry().first_transport);
  return arm && arm->full();
}

Answer carried_out(Motion motion, std::int64_t duration) {
  Answer answer;
  motion.duration = duration;
  answer.motion = motion;
  return answer;
}

// SMC-3 6.5.
Answer move_medium(const Call& call) {
  Elements elements(call.file);
  const bool invert = (call.byte(10) & 0x01) != 0;
  const auto source = elements.at(call.be16(4));
  const auto destination = elements.at(call.be16(6));
  if (!is_transport(call, call.be16(2)) || !source || !destination ||
      destination->type == ElementType::transport) {
    return check(sense::kInvalidElement);
  }
  if (invert && !call.geometry().two_sided) return check(sense::kInvalidField);
  if (const auto refused = cannot_take(call, *source)) return check(*refused);
  const bool in_place = invert && same(source->address, destination->address);
  if (const auto refused = cannot_put(call, *destination, in_place)) return check(*refused);
  if (arm_is_full(call, *source)) return check(sense::kDestinationFull);
  Motion motion;
  motion.kind = MotionKind::move;
  motion.source = source->address;
  motion.destination = destination->address;
  motion.invert = invert;
  return carried_out(motion, call.file.settings().move_ms);
}

// SMC-3 6.2.
Answer exchange_medium(const Call& call) {
  Elements elements(call.file);
  const bool invert_first = (call.byte(10) & 0x02) != 0;
  const bool invert_second = (call.byte(10) & 0x01) != 0;
  const auto source = elements.at(call.be16(4));
  const auto first = elements.at(call.be16(6));
  const auto second = elements.at(call.be16(8));
  if (!is_transport(call, call.be16(2)) || !source || !first || !second ||
      source->type == ElementType::transport || first->type == ElementType::transport ||
      second->type == ElementType::transport || same(source->address, first->address) ||
      same(first->address, second->address)) {
    return check(sense::kInvalidElement);
  }
  if ((invert_first || invert_second) && !call.geometry().two_sided) {
    return check(sense::kInvalidField);
  }
  if (const auto refused = cannot_take(call, *source)) return check(*refused);
  if (const auto refused = cannot_take(call, *first)) return check(*refused);
  const bool vacated = same(second->address, source->address);
  if (const auto refused = cannot_put(call, *second, vacated)) return check(*refused);
  if (arm_is_full(call, *source)) return check(sense::kDestinationFull);
  Motion motion;
  motion.kind = MotionKind::exchange;
  motion.source = source->address;
  motion.destination = first->address;
  motion.second = second->address;
  motion.invert = invert_first;
  motion.invert_second = invert_second;
  return carried_out(motion, call.file.settings().move_ms);
}

// SMC-3 6.7.
Answer position_to_element(const Call& call) {
  const auto destination = Elements(call.file).at(call.be16(4));
  if (!is_transport(call, call.be16(2)) || !destination) return check(sense::kInvalidElement);
  if ((call.byte(8) & 0x01) != 0 && !call.geometry().two_sided) return check(sense::kInvalidField);
  if (const auto refused = cannot_reach(call, *destination)) return check(*refused);
  return carried_out(Motion{}, call.file.settings().move_ms);
}

// SMC-3 6.3 and 6.4. The emulated library never forgets, so this only takes its time.
Answer initialize_element_status(const Call& call, bool ranged) {
  if (ranged && !Elements(call.file).at(call.be16(2))) return check(sense::kInvalidElement);
  return carried_out(Motion{}, call.file.settings().initialize_ms);
}

// SMC-3 6.6.
Answer open_close_port(const Call& call) {
  constexpr std::uint8_t kOpen = 0;
  constexpr std::uint8_t kClose = 1;
  if (!call.geometry().motorized()) return check(sense::kInvalidOpcode);
  const std::uint8_t action = call.byte(4) & 0x1F;
  const auto port = Elements(call.file).at(call.be16(2));
  if (!port || port->type != ElementType::port) return check(sense::kInvalidElement);
  if (action != kOpen && action != kClose) return check(sense::kInvalidField);
  const bool open = action == kOpen;
  if (open && !port->extended && Nexuses(call.db()).prevented(kChangerLun)) {
    return check(sense::kRemovalPrevented);
  }
  if (open == port->extended) return good();
  Motion motion;
  motion.kind = open ? MotionKind::open_port : MotionKind::close_port;
  motion.destination = port->address;
  return carried_out(motion, call.file.settings().port_ms);
}

// Why the changer is not ready for what needs the arm, if it is not.
std::optional<Sense> not_ready(const Call& call, const Quirks& quirks) {
  if (Elements(call.file).any_door_open()) return sense::kDoorOpen;
  if (quirks.has(NTMS_EMULATOR_QUIRK_PAUSED)) return sense::kPaused;
  if (quirks.lasts(NTMS_EMULATOR_QUIRK_SLOW_START, call.now)) return sense::kBecomingReady;
  return std::nullopt;
}

bool initializes(std::uint8_t opcode) {
  return opcode == op::kInitializeElementStatus || opcode == op::kInitializeElementStatusRange ||
         opcode == op::kInitializeElementStatusRangeVendor;
}

// Commands that need the arm.
std::optional<Answer> arm_command(const Call& call) {
  switch (call.opcode()) {
    case op::kMoveMedium:
      return move_medium(call);
    case op::kExchangeMedium:
      return exchange_medium(call);
    case op::kPositionToElement:
      return position_to_element(call);
    case op::kInitializeElementStatus:
      return initialize_element_status(call, false);
    case op::kInitializeElementStatusRange:
    case op::kInitializeElementStatusRangeVendor:
      return initialize_element_status(call, (call.byte(1) & 0x01) != 0);
    default:
      return std::nullopt;
  }
}

}  // namespace

bool answered_during_motion(std::uint8_t opcode) {
  return opcode == op::kInquiry || opcode == op::kReportLuns || opcode == op::kRequestSense;
}

Answer changer_command(const Call& call) {
  const Quirks quirks(call.db());
  switch (call.opcode()) {
    case op::kTestUnitReady: {
      const auto refused = not_ready(call, quirks);
      return refused ? check(*refused) : good();
    }
    case op::kReadElementStatus:
      if (quirks.lasts(NTMS_EMULATOR_QUIRK_SLOW_START, call.now)) {
        return check(sense::kBecomingReady);
      }
      return read_element_status(call);
    case op::kModeSense6:
      return changer_mode_sense(call, false);
    case op::kModeSense10:
      if (quirks.has(NTMS_EMULATOR_QUIRK_NO_MODE_SENSE_10)) return check(sense::kInvalidOpcode);
      return changer_mode_sense(call, true);
    case op::kOpenCloseImportExport:
      return open_close_port(call);
    case op::kExchangeMedium:
      if (quirks.has(NTMS_EMULATOR_QUIRK_NO_EXCHANGE)) return check(sense::kInvalidOpcode);
      break;
    default:
      break;
  }
  auto answer = arm_command(call);
  if (!answer) return check(sense::kInvalidOpcode);
  if (!answer->motion) return *std::move(answer);
  // A command that is wrong in itself says so even with a door open.
  if (const auto refused = not_ready(call, quirks)) return check(*refused);
  if (initializes(call.opcode())) {
    Quirks::restart(call.db(), NTMS_EMULATOR_QUIRK_SLOW_START, call.now);
  }
  return *std::move(answer);
}

}  // namespace ntms::emulator
