// SPDX-License-Identifier: MIT
// Finds, opens, sends, closes; what the answers mean is in sg_packet.cpp.
#include "transport/sg_transport.h"

#include <cerrno>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "scsi/commands.h"
#include "transport/check.h"
#include "transport/sg_packet.h"

namespace asio = boost::asio;

namespace ntms::transport {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPause{20};  // between two looks

bool permits_removal(const scsi::Command& command) {
  return command.cdb.opcode() == scsi::kPreventAllow && (command.cdb.bytes[4] & 0x03U) == 0;
}

// Whether nobody else should have a changer during and after this command.
bool needs_to_be_alone(const scsi::Command& command) {
  switch (command.cdb.opcode()) {
    case scsi::kPreventAllow:
      return !permits_removal(command);
    case scsi::kInitializeElementStatus:
    case scsi::kInitializeElementStatusWithRange:
    case scsi::kOpenCloseImportExport:
    case scsi::kPositionToElement:
    case scsi::kMoveMedium:
    case scsi::kExchangeMedium:
      return true;
    default:
      return false;
  }
}

// The unit as the thread knows it. Not thread-safe.
class Unit {
 public:
  Unit(SgUri uri, std::unique_ptr<SgControl> control, SgPlaces places, SgPatience patience)
      : uri_(std::move(uri)),
        places_(std::move(places)),
        patience_(patience),
        control_(std::move(control)) {}

  scsi::Reply run(const scsi::Command& command);

 private:
  scsi::Reply open(bool alone);
  Result<std::vector<SgUnit>> find();
  int open_node(const std::string& node, SgAccess access);
  void close();

  const SgUri uri_;
  const SgPlaces places_;
  const SgPatience patience_;
  const std::unique_ptr<SgControl> control_;
  std::string node_;    // what is open; empty: nothing
  bool alone_ = false;  // for this process alone
};

scsi::Reply Unit::run(const scsi::Command& command) {
  const bool alone = needs_to_be_alone(command);
  if (node_.empty() || (alone && !alone_)) {
    scsi::Reply opened = open(alone);
    if (node_.empty()) return opened;
  }
  SgPacket packet(command);
  const int error = control_->io(packet.header());
  scsi::Reply reply = error == 0 ? packet.reply() : sg_reply_to_failure(error);
  if (!reply.detail.empty()) reply.detail = node_ + ": " + reply.detail;
  const bool lost = reply.delivery != scsi::Delivery::delivered;
  if (lost || !alone_ || permits_removal(command)) close();
  return reply;
}

// Opens the unit by the first of its paths that can be opened. When it cannot be, nothing is open
// and the reply says why.
scsi::Reply Unit::open(bool alone) {
  close();
  const auto units = find();
  if (!units) return not_sent(format_uri(uri_) + ": " + units.error().reason);
  scsi::Reply reply;
  for (const SgUnit& unit : *units) {
    const bool exclusive = alone && unit.device_type == scsi::kTypeChanger;
    const std::string node = (places_.dev / unit.node).string();
    if (!unit.running()) {
      reply = not_sent(node + ": the kernel has the device off line (state " + unit.state + ")");
      continue;
    }
    const int error = open_node(node, exclusive ? SgAccess::exclusive : SgAccess::shared);
    if (error == 0) {
      node_ = node;
      alone_ = exclusive;
      return {};
    }
    reply = sg_reply_to_open_failure(node, error);
  }
  return reply;
}

// A command to a unit that is blocked would wait with it, for minutes. Most are so for a moment
// only.
Result<std::vector<SgUnit>> Unit::find() {
  const auto until = steady_clock::now() + patience_.blocked;
  for (;;) {
    auto units = find_sg_units(places_, uri_);
    if (!units || units->front().running() || steady_clock::now() >= until) return units;
    std::this_thread::sleep_for(kPause);
  }
}

// Whoever only asks the device something has it for a moment.
int Unit::open_node(const std::string& node, SgAccess access) {
  const auto until = steady_clock::now() + patience_.busy;
  for (;;) {
    const int error = control_->open(node, access);
    if (error != EBUSY || steady_clock::now() >= until) return error;
    std::this_thread::sleep_for(kPause);
  }
}

void Unit::close() {
  control_->close();
  node_.clear();
  alone_ = false;
}

// A command that was not completed is first taken back from the device by the kernel.
constexpr std::chrono::milliseconds kGrace = std::chrono::seconds(20);

}  // namespace

SgTransport::SgTransport(SgUri uri, const SgControlFactory& make_control, SgPlaces places,
                         SgPatience patience)
    : text_(format_uri(uri)),
      thread_([unit = std::make_shared<Unit>(std::move(uri), make_control(), std::move(places),
                                             patience)](
                  const scsi::Command& command) { return unit->run(command); },
              patience.busy + patience.blocked + kGrace) {}

SgTransport::~SgTransport() = default;

asio::awaitable<scsi::Reply> SgTransport::execute(scsi::Command command) {
  return thread_.execute(text_, std::move(command));
}

}  // namespace ntms::transport
