// SPDX-License-Identifier: MIT
#include "emulator/device.h"

#include <algorithm>
#include <thread>
#include <variant>

#include "emulator/call.h"
#include "emulator/changer.h"
#include "emulator/common_commands.h"
#include "emulator/drive.h"
#include "emulator/faults.h"
#include "emulator/journal.h"
#include "emulator/nexus.h"

namespace ntms::emulator {
namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

// How often a virtual clock is looked at, in real time.
constexpr milliseconds kVirtualTick{2};

scsi::Reply not_delivered(scsi::Delivery delivery, std::string detail) {
  scsi::Reply reply;
  reply.delivery = delivery;
  reply.detail = std::move(detail);
  return reply;
}

std::uint32_t delivery_code(scsi::Delivery delivery) {
  switch (delivery) {
    case scsi::Delivery::delivered:
      return NTMS_EMULATOR_DELIVERED;
    case scsi::Delivery::timed_out:
      return NTMS_EMULATOR_TIMED_OUT;
    case scsi::Delivery::link_lost:
      return NTMS_EMULATOR_LINK_LOST;
    case scsi::Delivery::not_sent:
      return NTMS_EMULATOR_NOT_SENT;
  }
  return NTMS_EMULATOR_NOT_SENT;
}

// How a command is going to end.
struct Plan {
  Answer answer;
  scsi::Delivery delivery = scsi::Delivery::delivered;
  bool answer_at_once = false;  // do not wait for the motion, it goes on by itself
};

Plan undelivered(scsi::Delivery delivery) {
  Plan plan;
  plan.delivery = delivery;
  return plan;
}

// The plan of a command a fault has struck before it could take effect; nothing for the others.
std::optional<Plan> struck_before(const Fault& fault, std::uint8_t opcode) {
  Plan plan;
  switch (fault.kind) {
    case NTMS_EMULATOR_FAIL_BEFORE:
      plan.answer = check(fault.sense);
      return plan;
    case NTMS_EMULATOR_TIMEOUT_BEFORE:
      return undelivered(scsi::Delivery::timed_out);
    case NTMS_EMULATOR_LINK_LOST_BEFORE:
      return undelivered(scsi::Delivery::link_lost);
    case NTMS_EMULATOR_BUSY:
      plan.answer.status = scsi::kStatusBusy;
      return plan;
    case NTMS_EMULATOR_RESERVATION_CONFLICT:
      plan.answer.status = scsi::kStatusReservationConflict;
      return plan;
    case NTMS_EMULATOR_TORN: {
      constexpr std::uint8_t kMove = 0xA5;
      constexpr std::uint8_t kExchange = 0xA6;
      if (opcode == kMove || opcode == kExchange) return std::nullopt;
      plan.answer = check(fault.sense);
      return plan;
    }
    default:
      return std::nullopt;
  }
}

// Changes a plan by a fault that strikes after the command took effect.
void strike_after(const Fault& fault, Plan& plan) {
  const bool succeeded = plan.answer.status == scsi::kStatusGood;
  switch (fault.kind) {
    case NTMS_EMULATOR_TIMEOUT_AFTER:
    case NTMS_EMULATOR_LINK_LOST_AFTER:
      plan.delivery = fault.kind == NTMS_EMULATOR_TIMEOUT_AFTER ? scsi::Delivery::timed_out
                                                                : scsi::Delivery::link_lost;
      plan.answer_at_once = true;
      return;
    case NTMS_EMULATOR_TORN:
      if (plan.answer.motion) plan.answer.motion->torn = true;
      [[fallthrough]];
    case NTMS_EMULATOR_FAIL_AFTER:
      // A command that fails by itself had no effect and keeps its own sense.
      if (!succeeded) return;
      plan.answer.status = scsi::kStatusCheckCondition;
      plan.answer.sense = fault.sense;
      plan.answer.data.clear();
      return;
    default:
      return;
  }
}

}  // namespace

// The work behind Device; its user serialises.
class DeviceState {
 public:
  DeviceState(std::unique_ptr<LibraryFile> file, unsigned lun, std::string initiator)
      : file_(std::move(file)), lun_(lun), name_(std::move(initiator)) {}

  scsi::Reply execute(const scsi::Command& command, SteadyTime deadline);
  const Geometry& geometry() const { return file_->geometry(); }

 private:
  // When a command gives up: on the real clock, and on the file's.
  struct Deadline {
    SteadyTime real;
    std::int64_t file = 0;
  };
  struct Wait {
    std::int64_t until;
  };

  // One attempt, in one transaction: the command has ended, or must wait and try again.
  std::variant<scsi::Reply, Wait> attempt(const scsi::Command& command);
  Plan carry_out(const Call& call);
  scsi::Reply finish(const scsi::Command& command, const Plan& plan);
  scsi::Reply reply_of(const scsi::Command& command, const Plan& plan) const;
  Ending ending_of(const scsi::Reply& reply, const Plan& plan) const;
  scsi::Reply time_out(const scsi::Command& command);
  bool wait(std::int64_t until, const Deadline& deadline);
  void limit_lock_wait(SteadyTime deadline);

  std::unique_ptr<LibraryFile> file_;
  unsigned lun_;
  std::string name_;
  std::int64_t initiator_ = 0;
  // Of the command in progress, while it waits for its own end:
  std::uint64_t noted_ = 0;
  std::optional<Plan> pending_;
};

void DeviceState::limit_lock_wait(SteadyTime deadline) {
  const auto left =
      std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
  // A moment is always granted, so that a short time-out does not turn a meeting of two
  // transactions into an error.
  constexpr milliseconds kLeast{100};
  file_->db().set_lock_wait(std::max(left, kLeast));
}

// Waits for a time of the file's clock; false if the deadline comes first.
bool DeviceState::wait(std::int64_t until, const Deadline& deadline) {
  const std::int64_t target = std::min(until, deadline.file);
  for (;;) {
    const std::int64_t left = target - file_->now_ms();
    if (left <= 0) return until <= deadline.file;
    const auto now = std::chrono::steady_clock::now();
    if (now >= deadline.real && file_->geometry().virtual_clock) return false;
    std::this_thread::sleep_for(file_->geometry().virtual_clock ? kVirtualTick
                                                                : milliseconds(left));
  }
}

scsi::Reply DeviceState::execute(const scsi::Command& command, SteadyTime deadline) {
  noted_ = 0;
  pending_.reset();
  try {
    Deadline limit{deadline, file_->now_ms() + command.timeout.count()};
    for (;;) {
      limit_lock_wait(deadline);
      auto outcome = attempt(command);
      if (auto* reply = std::get_if<scsi::Reply>(&outcome)) return std::move(*reply);
      if (!wait(std::get<Wait>(outcome).until, limit)) return time_out(command);
      if (pending_) return finish(command, *pending_);
    }
  } catch (const SqliteError& error) {
    // Nothing of a transaction that failed is left; a motion on its way goes on.
    initiator_ = 0;  // its row may have gone with the transaction
    const bool sent = pending_.has_value();
    return not_delivered(
        error.busy() || sent ? scsi::Delivery::timed_out : scsi::Delivery::not_sent,
        std::string("the library file could not be used: ") + error.what());
  }
}

std::variant<scsi::Reply, DeviceState::Wait> DeviceState::attempt(const scsi::Command& command) {
  Transaction transaction(file_->db());
  const std::int64_t now = file_->now_ms();
  Motions motions(*file_);
  const auto moving = motions.settle(now);
  const bool online = file_->settings().online;
  if (online && moving && lun_ == kChangerLun && !answered_during_motion(command.cdb.opcode())) {
    transaction.commit();
    return Wait{moving->ends};
  }
  Plan plan;
  if (!online) {
    plan = undelivered(scsi::Delivery::link_lost);
  } else {
    Nexuses nexuses(file_->db());
    if (initiator_ == 0) initiator_ = nexuses.initiator(name_);
    nexuses.meet(initiator_, lun_, now);
    plan = carry_out(Call{*file_, now, initiator_, lun_, command});
  }
  std::int64_t answer_at = plan.answer.answer_at;
  if (plan.answer.motion) {
    if (plan.answer.motion->duration > 0) {
      answer_at = motions.start(*plan.answer.motion, now).ends;
    } else {
      motions.apply(*plan.answer.motion, now);
    }
  }
  if (answer_at > now && !plan.answer_at_once) {
    noted_ = Journal(file_->db()).note(name_, lun_, command.cdb, now, Ending{});
    transaction.commit();
    pending_ = std::move(plan);
    return Wait{answer_at};
  }
  scsi::Reply reply = reply_of(command, plan);
  Journal(file_->db()).note(name_, lun_, command.cdb, now, ending_of(reply, plan));
  transaction.commit();
  return reply;
}

Plan DeviceState::carry_out(const Call& call) {
  Nexuses nexuses(call.db());
  Plan plan;
  if (!ignores_reservation(call.command.cdb)) {
    const auto holder = nexuses.reservation(lun_);
    if (holder && *holder != initiator_) {
      plan.answer.status = scsi::kStatusReservationConflict;
      return plan;
    }
  }
  if (!ignores_attention(call.opcode()) && lun_ <= call.geometry().drives) {
    if (const auto waiting = nexuses.take(initiator_, lun_, call.now)) {
      plan.answer = check({6, waiting->asc, waiting->ascq});
      return plan;
    }
  }
  const auto fault = Faults(call.db()).strike(lun_, call.opcode());
  if (fault) {
    if (auto struck = struck_before(*fault, call.opcode())) return *std::move(struck);
  }
  auto answer = common_command(call);
  if (answer) {
    plan.answer = *std::move(answer);
  } else if (lun_ == kChangerLun) {
    plan.answer = changer_command(call);
  } else {
    plan.answer = drive_command(call);
  }
  if (fault) strike_after(*fault, plan);
  return plan;
}

// The wait for the command's own end is over.
scsi::Reply DeviceState::finish(const scsi::Command& command, const Plan& plan) {
  scsi::Reply reply = reply_of(command, plan);
  Transaction transaction(file_->db());
  Motions(*file_).settle(file_->now_ms());
  Journal(file_->db()).finish(noted_, ending_of(reply, plan));
  transaction.commit();
  return reply;
}

scsi::Reply DeviceState::time_out(const scsi::Command& command) {
  scsi::Reply reply =
      not_delivered(scsi::Delivery::timed_out,
                    "no answer within " + std::to_string(command.timeout.count()) + " ms");
  Transaction transaction(file_->db());
  Journal journal(file_->db());
  if (noted_ == 0) noted_ = journal.note(name_, lun_, command.cdb, file_->now_ms(), Ending{});
  journal.finish(noted_, ending_of(reply, Plan{}));
  transaction.commit();
  return reply;
}

scsi::Reply DeviceState::reply_of(const scsi::Command& command, const Plan& plan) const {
  if (plan.delivery != scsi::Delivery::delivered) {
    return not_delivered(plan.delivery, plan.delivery == scsi::Delivery::link_lost
                                            ? "the link to the emulated library is down"
                                            : "the emulated library does not answer");
  }
  scsi::Reply reply;
  reply.status = plan.answer.status;
  reply.data = plan.answer.data;
  reply.data.resize(std::min(reply.data.size(), command.data_in_length));
  if (reply.status == scsi::kStatusCheckCondition) reply.sense = plan.answer.sense.encode();
  return reply;
}

Ending DeviceState::ending_of(const scsi::Reply& reply, const Plan& plan) const {
  Ending ending;
  ending.delivery = delivery_code(reply.delivery);
  ending.status = reply.status;
  if (!reply.sense.empty()) ending.sense = plan.answer.sense;
  return ending;
}

Device::Device(std::unique_ptr<DeviceState> state) : state_(std::move(state)) {}
Device::~Device() = default;

Result<std::unique_ptr<Device>> Device::open(const std::string& path_utf8, unsigned lun,
                                             const std::string& initiator) {
  auto file = LibraryFile::open(path_utf8);
  if (!file) return file.error();
  if ((*file)->geometry().stand_alone && lun == kChangerLun) lun = lun_of_drive(0);
  auto state = std::make_unique<DeviceState>(*std::move(file), lun, initiator);
  return std::unique_ptr<Device>(new Device(std::move(state)));
}

scsi::Reply Device::execute(const scsi::Command& command) {
  const auto deadline = std::chrono::steady_clock::now() + command.timeout;
  const std::unique_lock lock(mutex_, deadline);
  if (!lock.owns_lock()) {
    return not_delivered(scsi::Delivery::timed_out,
                         "an earlier command is still being carried out");
  }
  return state_->execute(command, deadline);
}

std::vector<unsigned> Device::luns() const {
  if (state_->geometry().stand_alone) return {0};
  std::vector<unsigned> units;
  for (unsigned lun = 0; lun <= state_->geometry().drives; ++lun) units.push_back(lun);
  return units;
}

}  // namespace ntms::emulator
