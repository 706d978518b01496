// SPDX-License-Identifier: MIT
// Reading the label of the tape in a drive, with the help of the media label libraries that are
// installed (contract: media-labels 4).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "device/drive.h"
#include "labels/label.h"
#include "labels/label_libraries.h"
#include "runtime/log.h"
#include "transport/blocking_thread.h"

namespace ntms::operations {

// Thread safety: read() on the engine's thread only, by any number of operations. Foreign code runs
// on a thread of this object's, one call after the other. Must outlive the coroutines it has made.
class LabelReader {
 public:
  LabelReader() = default;  // without libraries: the formats known here
  explicit LabelReader(labels::LabelLibraries libraries) : libraries_(std::move(libraries)) {}

  // The label of the tape that `drive` has loaded, or nothing when it is blank or nobody knows it.
  // The drive is ready and left at the beginning of the tape. `name` is the library's, for the log.
  // Errors: as device::read_first_block().
  boost::asio::awaitable<Result<std::optional<labels::Label>>> read(device::Drive& drive,
                                                                    runtime::Log log,
                                                                    std::string name);

 private:
  labels::LabelLibraries libraries_;
  transport::BlockingThread thread_;
};

}  // namespace ntms::operations
