// SPDX-License-Identifier: MIT
#include "conformance/tgt_backend.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace ntms::conformance {
namespace {

test::TgtTarget::Options options_of(const LibraryShape& shape) {
  test::TgtTarget::Options options;
  options.slots = shape.slots;
  options.drives = shape.drives;
  options.mail_slots = shape.ports;
  options.media = shape.media;
  return options;
}

transport::IscsiUri parsed(const std::string& uri) {
  auto result = transport::parse_iscsi_uri(uri);
  if (!result) throw std::runtime_error(result.error().reason);
  return *result;
}

transport::IscsiOptions another_program() {
  transport::IscsiOptions options;
  options.initiator = "iqn.2020-01.test.conformance:another-program";
  return options;
}

}  // namespace

TgtBackend::TgtBackend(const LibraryShape& shape)
    : shape_(shape),
      target_(options_of(shape)),
      changer_(loop_.executor(), parsed(target_.changer_uri()), another_program()) {}

// Sends a command until it is answered with anything else than a unit attention.
scsi::Reply TgtBackend::send(scsi::Transport& transport, const scsi::Command& command) {
  scsi::Reply reply;
  for (int attempt = 0; attempt < 6; ++attempt) {
    reply = loop_.execute(transport, command);
    const bool attention = reply.status == scsi::kStatusCheckCondition && reply.sense.size() > 2 &&
                           (reply.sense[2] & 0xF) == 6;
    if (reply.delivery == scsi::Delivery::delivered && !attention) break;
  }
  return reply;
}

unsigned TgtBackend::address(unsigned type, unsigned index) const {
  if (type == kSlot) return target_.slot_at(index);
  if (type == kPort) return target_.mail_at(index);
  if (type == kDrive) return target_.drive_at(index);
  return target_.picker_at();
}

unsigned TgtBackend::count(unsigned type) const {
  if (type == kSlot) return shape_.slots;
  if (type == kPort) return shape_.ports;
  if (type == kDrive) return shape_.drives;
  return 1;
}

std::vector<Element> TgtBackend::truth() {
  std::vector<Element> result;
  for (const unsigned type : {kSlot, kPort, kDrive}) {
    const scsi::Reply reply =
        send(changer_, transport::test::read_element_status(type, address(type, 0)));
    for (unsigned i = 0; i < count(type); ++i) {
      const auto found = transport::test::find_element(reply, address(type, i));
      if (found.flags == 0xFF) throw std::runtime_error("an element is missing: " + reply.detail);
      result.push_back({type, i, found.full(), found.full() ? found.barcode : std::string()});
    }
  }
  return result;
}

void TgtBackend::put(unsigned port, const std::string& bar_code) {
  target_.mail_put(port, bar_code);
}

void TgtBackend::take(unsigned port) {
  target_.mail_take(port);
}

bool TgtBackend::foreign_move(unsigned from_type, unsigned from, unsigned to_type, unsigned to) {
  const scsi::Reply reply =
      send(changer_, transport::test::move_medium(target_.picker_at(), address(from_type, from),
                                                  address(to_type, to)));
  return reply.delivery == scsi::Delivery::delivered && reply.status == scsi::kStatusGood;
}

std::unique_ptr<Backend> make_tgt_backend(const LibraryShape& shape) {
  return std::make_unique<TgtBackend>(shape);
}

}  // namespace ntms::conformance
