// SPDX-License-Identifier: MIT
// emulator_mover FILE INITIATOR SOURCE TARGET once|forever - moves a cartridge in an emulated
// library between two element addresses, one way or to and fro, until it is killed or something
// fails. Tests kill it on the way.
#include <cstdio>
#include <string>
#include <string_view>

#include "emulator/device.h"
#include "scsi/bytes.h"

namespace {

using ntms::scsi::Command;

bool execute(ntms::emulator::Device& changer, unsigned opcode, unsigned from = 0, unsigned to = 0) {
  Command command;
  command.cdb.length = opcode == 0 ? 6 : 12;
  command.cdb.bytes[0] = static_cast<std::uint8_t>(opcode);
  if (opcode != 0) {
    ntms::scsi::put_be16(command.cdb.bytes, 4, from);
    ntms::scsi::put_be16(command.cdb.bytes, 6, to);
  }
  return changer.execute(command).detail.empty();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: emulator_mover FILE INITIATOR SOURCE TARGET once|forever\n");
    return 2;
  }
  auto changer = ntms::emulator::Device::open(argv[1], 0, argv[2]);
  if (!changer) return 1;
  const auto source = static_cast<unsigned>(std::stoul(argv[3]));
  const auto target = static_cast<unsigned>(std::stoul(argv[4]));
  constexpr unsigned kTestUnitReady = 0;
  constexpr unsigned kMoveMedium = 0xA5;
  execute(**changer, kTestUnitReady);  // takes the unit attention of the start
  while (execute(**changer, kMoveMedium, source, target)) {
    if (std::string_view(argv[5]) != "forever") return 0;
    execute(**changer, kMoveMedium, target, source);
  }
  return 1;
}
