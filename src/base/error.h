// SPDX-License-Identifier: MIT
// Errors inside the library are values: a Win32 code for the caller and a reason in words for
// people. Exceptions are left for what cannot go on (out of memory, a broken invariant).
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>
#include <utility>

namespace ntms {

// Why something did not happen.
struct Error {
  Error() = default;
  // A constructor, because a Result of a number must not take the number for an error code.
  Error(std::uint32_t error_code, std::string words) : code(error_code), reason(std::move(words)) {}

  std::uint32_t code = 0;  // a Win32 error code (winerror.h); never 0 in a failed result
  std::string reason;      // one sentence in English, for the log and for library requests
};

// Either a T or an Error. `Result<void>` is either success or an Error.
// Use: `if (!r) return r.error();` and `*r`; `value()` throws std::runtime_error on an Error.
template <class T = void>
using Result = boost::system::result<T, Error>;

// Makes a failed Result: `return fail(ERROR_BUSY, "the medium is mounted");`
inline Error fail(std::uint32_t code, std::string reason) {
  return Error{code, std::move(reason)};
}

// Called by Result::value() on an Error (found by argument-dependent lookup).
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& where);

}  // namespace ntms
