// SPDX-License-Identifier: MIT
// Finds, opens, sends, closes; what the answers mean is in sg_packet.cpp.
#include "transport/sg_transport.h"

#include <cerrno>
#include <thread>
#include <utility>

#include "scsi/commands.h"
#include "transport/check.h"
#include "transport/sg_packet.h"

namespace asio = boost::asio;

namespace ntms::transport {
namespace {

constexpr std::chrono::milliseconds kBusyPause{20};

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

}  // namespace

SgTransport::SgTransport(SgUri uri, const SgControlFactory& make_control, SgPlaces places,
                         std::chrono::milliseconds busy_limit)
    : uri_(std::move(uri)),
      text_(format_uri(uri_)),
      places_(std::move(places)),
      busy_limit_(busy_limit),
      control_(make_control()) {}

SgTransport::~SgTransport() = default;

asio::awaitable<scsi::Reply> SgTransport::execute(scsi::Command command) {
  return execute_on(thread_, text_, std::move(command),
                    [this](const scsi::Command& sent) { return run(sent); });
}

scsi::Reply SgTransport::run(const scsi::Command& command) {
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
scsi::Reply SgTransport::open(bool alone) {
  close();
  const auto units = find_sg_units(places_, uri_);
  if (!units) return not_sent(text_ + ": " + units.error().reason);
  scsi::Reply reply;
  for (const SgUnit& unit : *units) {
    const bool exclusive = alone && unit.device_type == scsi::kTypeChanger;
    const std::string node = (places_.dev / unit.node).string();
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

// Whoever only asks the device something has it for a moment.
int SgTransport::open_node(const std::string& node, SgAccess access) {
  const auto until = std::chrono::steady_clock::now() + busy_limit_;
  for (;;) {
    const int error = control_->open(node, access);
    if (error != EBUSY || std::chrono::steady_clock::now() >= until) return error;
    std::this_thread::sleep_for(kBusyPause);
  }
}

void SgTransport::close() {
  control_->close();
  node_.clear();
  alone_ = false;
}

}  // namespace ntms::transport
