// SPDX-License-Identifier: MIT
// Media label libraries: foreign code that knows formats of its own (contract: media-labels 1 to 4,
// include/ntmsmli.h).
#pragma once

#include <ntmsmli.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "labels/label.h"
#include "platform/shared_library.h"

namespace ntms::labels {

// How one library ended up with a block; for the log.
using Report = std::function<void(const std::string& words)>;

// The libraries that are installed. Thread safe: one call at a time is made into each library.
class LabelLibraries {
 public:
  LabelLibraries() = default;

  // Loads them, in this order. One that cannot be loaded or lacks an export is reported and left
  // out. `time_limit` is for each of their calls.
  static LabelLibraries load(const std::vector<platform::RegisteredLibrary>& registered,
                             const Report& report,
                             std::chrono::milliseconds time_limit = std::chrono::seconds(30));

  // How many bytes of a tape they want to see: the largest of their answers, at least 64 KiB and at
  // most 16 MiB.
  std::size_t wanted_bytes() const { return wanted_; }

  std::size_t size() const { return libraries_.size(); }

  // Shows them the first block, one after the other; the label of the first that claims it. One
  // that answers nonsense is reported and has not claimed. One that does not come back within the
  // limit is reported and not asked again in the life of this process.
  std::optional<Label> claim(Block block, const Report& report) const;

 private:
  struct Library;
  std::vector<std::shared_ptr<Library>> libraries_;
  std::size_t wanted_ = 65'536;
};

// What a library filled in, as a label; nothing when it makes no sense (media-labels 4, step 6): no
// type, an id of no or more than 256 bytes, texts without an end. Pure.
std::optional<Label> to_label(const MediaLabelInfo& info);

}  // namespace ntms::labels
