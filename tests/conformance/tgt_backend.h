// SPDX-License-Identifier: MIT
// The changer over iSCSI that the tests look into with an initiator of their own.
#pragma once

#include "conformance/backend.h"
#include "scsi/transport.h"
#include "support/tgt/tgt_target.h"
#include "transport/iscsi_transport.h"
#include "unit/transport/support.h"

namespace ntms::conformance {

class TgtBackend final : public Backend {
 public:
  explicit TgtBackend(const LibraryShape& shape);

  std::string uri() const override { return target_.changer_uri(); }
  std::string bar_code(unsigned index) const override { return test::TgtTarget::barcode(index); }
  std::vector<Element> truth() override;
  void put(unsigned port, const std::string& bar_code) override;
  void take(unsigned port) override;
  bool foreign_move(unsigned from_type, unsigned from, unsigned to_type, unsigned to) override;

  test::TgtTarget& target() { return target_; }

 private:
  scsi::Reply send(scsi::Transport& transport, const scsi::Command& command);
  unsigned address(unsigned type, unsigned index) const;
  unsigned count(unsigned type) const;

  LibraryShape shape_;
  test::TgtTarget target_;
  transport::test::Loop loop_;
  transport::IscsiTransport changer_;
};

}  // namespace ntms::conformance
