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

std::string library_is_open(const std::string& library) {
  return library + " is open; waiting until it is closed.";
}

std::string close_the_library(const std::string& library) {
  return "Please close " + library + ": the robot waits for its door or magazine.";
}

std::string library_is_paused(const std::string& library) {
  return library + " is paused or not ready; waiting until it goes on.";
}

std::string end_the_pause(const std::string& library) {
  return "Please look after " + library + ": it has been paused or not ready for long.";
}

std::string library_is_full(const std::string& library, const std::string& port) {
  return library + " has no free slot for the cartridge in " + port + "; please take it out.";
}

std::string nothing_was_put_in(const std::string& library, const std::string& port) {
  return "No cartridge was put into " + port + " of " + library +
         " in time; the port has been closed.";
}

std::string lost_on_the_way_in(const std::string& library, const std::string& bar_code) {
  return "On the way from the port of " + library + " the robot lost track of " +
         cartridge(bar_code) + "; please look into the library.";
}

std::string lost_on_the_way_home(const std::string& library, const std::string& bar_code) {
  return "On the way from a drive of " + library + " to its slot the robot lost track of " +
         cartridge(bar_code) + "; please look into the library.";
}

std::string open_the_door(const std::string& library) {
  return library + " is unlocked; please open it, do what is to be done, and close it again.";
}

std::string put_cleaner_in(const std::string& library, const std::string& slot) {
  return "Please open " + library + ", put the cleaner cartridge into " + slot +
         ", and close it again.";
}

std::string take_cleaner_out(const std::string& library, const std::string& slot) {
  return "Please open " + library + ", take the cleaner cartridge out of " + slot +
         ", and close it again.";
}

std::string bring_cleaner(const std::string& library, const std::string& drive, bool it_asks) {
  return drive + " of " + library + (it_asks ? " asks" : " is") +
         " to be cleaned; please put in a cleaner cartridge.";
}

std::string drive_reports(const std::string& library, const std::string& drive,
                          const std::string& bar_code, const std::string& said) {
  return library + ": " + drive + " reports" +
         (bar_code.empty() ? std::string() : " after " + bar_code) + ": " + said;
}

std::string cleaner_spent(const std::string& library) {
  return "The cleaner cartridge of " + library + " is used up; please replace it.";
}

std::string not_a_cleaner(const std::string& library, const std::string& bar_code) {
  return "What is in the cleaner slot of " + library + ", " + cartridge(bar_code) +
         ", does not clean; please replace it.";
}

std::string arm_holds(const std::string& library, const std::string& bar_code,
                      const std::string& reason) {
  return "The robot of " + library + " holds " + cartridge(bar_code) +
         " and cannot put it away: " + reason;
}

std::string needs_service(const std::string& library, const std::string& reason) {
  return library + " needs service: " + reason;
}

std::string drive_needs_service(const std::string& library, const std::string& drive,
                                const std::string& reason) {
  return drive + " of " + library + " needs service: " + reason;
}

std::string still_needs_service(const std::string& library, const std::string& reason) {
  return library + " still needs service: " + reason;
}

std::string waits_for_dismount(const std::string& what) {
  return what + " is in use; waiting until it is dismounted.";
}

}  // namespace ntms::operations::messages
