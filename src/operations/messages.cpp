// SPDX-License-Identifier: MIT
#include "operations/messages.h"

#include "platform/text.h"

namespace ntms::operations::messages {
namespace {

// Bar codes come from a scanner that may read anything.
std::string cartridge(const std::string& bar_code) {
  return bar_code.empty() ? "a cartridge without a readable bar code"
                          : "cartridge " + platform::printable(bar_code);
}

}  // namespace

std::string port_is_full(const std::string& library) {
  return "The insert/eject port of " + library + " is full; take out what is in it.";
}

std::string empty_the_port(const std::string& library, const std::string& port) {
  return "Ejected cartridges have not been taken from " + port + " of " + library +
         "; please take them out.";
}

std::string take_from_port(const std::string& library, const std::string& port,
                           const std::string& bar_code) {
  return "The robot of " + library + " could not take " + cartridge(bar_code) + " back from " +
         port + "; please look.";
}

std::string not_where_believed(const std::string& library, const std::string& bar_code) {
  return "The place where " + cartridge(bar_code) + " was believed to be in " + library +
         " holds something else; an inventory has been made.";
}

std::string lost_on_the_way(const std::string& library, const std::string& bar_code) {
  return "On the way to the port of " + library + " the robot lost track of " +
         cartridge(bar_code) + "; please look into the library.";
}

std::string move_failed(const std::string& library, const std::string& bar_code,
                        const std::string& reason) {
  return "The robot of " + library + " could not move " + cartridge(bar_code) + ": " + reason;
}

std::string waits_for_dismount(const std::string& what) {
  return what + " is in use; waiting until it is dismounted.";
}

}  // namespace ntms::operations::messages
