// SPDX-License-Identifier: MIT
// Starting a program that outlives the one that starts it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace ntms::platform {

// Starts `program` (not searched for in PATH) with `arguments` (without the program's name) and the
// caller's environment, in a session of its own, in the directory "/", with /dev/null as its
// standard streams, no other descriptors, no blocked and no ignored signals. It is nobody's child:
// the caller has nothing to wait for, but may see one SIGCHLD. May be called from any thread of a
// program with many. Returns when the program has replaced the forked process, or after five
// seconds if that cannot be told. On Windows it has no console and no inherited handles but NUL,
// its directory is that of the system, and the call returns when the process has been created.
// Errors: ERROR_ACCESS_DENIED when it may not be executed, ERROR_NOT_ENOUGH_MEMORY without
// resources, ERROR_NOT_SUPPORTED when there is no such program or it cannot be run.
Result<void> spawn_detached(const std::filesystem::path& program,
                            const std::vector<std::string>& arguments);

}  // namespace ntms::platform
