// SPDX-License-Identifier: MIT
#include "base/error.h"

#include <stdexcept>

namespace ntms {

void throw_exception_from_error(const Error& error, const boost::source_location& /*where*/) {
  throw std::runtime_error(error.reason + " (error " + std::to_string(error.code) + ")");
}

}  // namespace ntms
