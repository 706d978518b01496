// SPDX-License-Identifier: MIT
// What people read in operator requests and in the reasons of library requests: all such texts in
// one place, with the names a person knows (library, port, bar code).
#pragma once

#include <string>

namespace ntms::operations::messages {

std::string port_is_full(const std::string& library);
std::string empty_the_port(const std::string& library, const std::string& port);
std::string take_from_port(const std::string& library, const std::string& port,
                           const std::string& bar_code);
std::string not_where_believed(const std::string& library, const std::string& bar_code);
std::string lost_on_the_way(const std::string& library, const std::string& bar_code);
std::string move_failed(const std::string& library, const std::string& bar_code,
                        const std::string& reason);
std::string library_is_open(const std::string& library);
std::string close_the_library(const std::string& library);
std::string library_is_paused(const std::string& library);
std::string end_the_pause(const std::string& library);
std::string library_is_full(const std::string& library, const std::string& port);
std::string nothing_was_put_in(const std::string& library, const std::string& port);
std::string lost_on_the_way_in(const std::string& library, const std::string& bar_code);
std::string lost_on_the_way_home(const std::string& library, const std::string& bar_code);
std::string open_the_door(const std::string& library);
std::string put_cleaner_in(const std::string& library, const std::string& slot);
std::string take_cleaner_out(const std::string& library, const std::string& slot);
std::string bring_cleaner(const std::string& library, const std::string& drive, bool it_asks);
// `bar_code`: of the cartridge that was in it; empty: unknown.
std::string drive_reports(const std::string& library, const std::string& drive,
                          const std::string& bar_code, const std::string& said);
std::string cleaner_spent(const std::string& library);
std::string not_a_cleaner(const std::string& library, const std::string& bar_code);
std::string arm_holds(const std::string& library, const std::string& bar_code,
                      const std::string& reason);
std::string needs_service(const std::string& library, const std::string& reason);
std::string drive_needs_service(const std::string& library, const std::string& drive,
                                const std::string& reason);
std::string still_needs_service(const std::string& library, const std::string& reason);
std::string waits_for_dismount(const std::string& what);

}  // namespace ntms::operations::messages
