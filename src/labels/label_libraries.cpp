// SPDX-License-Identifier: MIT
#include "labels/label_libraries.h"

#include <ntmsapi.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include "platform/text.h"
#include "platform/threads.h"

namespace ntms::labels {
namespace {

constexpr std::size_t kMostWanted = 16 << 20;

// An export under its name or decorated with the size of its arguments, as 32-bit libraries that
// were linked without a list of exports have it: by Microsoft's tools with an underscore, by
// MinGW's without.
template <class Function>
Function find(const platform::SharedLibrary& library, const std::string& name,
              const char* decoration) {
  void* found = library.find(name.c_str());
  if (found == nullptr) found = library.find(("_" + name + decoration).c_str());
  if (found == nullptr) found = library.find((name + decoration).c_str());
  return reinterpret_cast<Function>(found);
}

std::optional<std::string> text_of(const WCHAR* text, std::size_t capacity) {
  const auto* const units = reinterpret_cast<const char16_t*>(text);
  const std::size_t length = platform::bounded_length(units, capacity);
  if (length == capacity) return std::nullopt;
  return platform::to_utf8({units, length});
}

// What a call into a library works on; both sides own it, so that a call that never comes back
// touches nothing that is gone.
struct Question {
  std::vector<std::uint8_t> block;
  MediaLabelInfo info{};
  GUID guid{};
  DWORD code = ERROR_BAD_FORMAT;
  bool answered = false;
  std::mutex mutex;
  std::condition_variable done;
};

}  // namespace

struct LabelLibraries::Library {
  std::string name;
  CLAIMMEDIALABEL claim = nullptr;
  CLAIMMEDIALABELEX claim_ex = nullptr;
  std::chrono::milliseconds time_limit{};
  std::mutex busy;     // one call at a time
  bool hangs = false;  // guarded by `busy`
};

LabelLibraries LabelLibraries::load(const std::vector<platform::RegisteredLibrary>& registered,
                                    const Report& report, std::chrono::milliseconds time_limit) {
  LabelLibraries result;
  for (const auto& entry : registered) {
    const auto loaded = platform::SharedLibrary::load(entry.path);
    if (!loaded) {
      report("media label library " + entry.name + ": " + loaded.error().reason);
      continue;
    }
    auto library = std::make_shared<Library>();
    library->name = entry.name;
    library->time_limit = time_limit;
    const auto largest = find<MAXMEDIALABEL>(*loaded, "MaxMediaLabel", "@4");
    library->claim = find<CLAIMMEDIALABEL>(*loaded, "ClaimMediaLabel", "@12");
    library->claim_ex = find<CLAIMMEDIALABELEX>(*loaded, "ClaimMediaLabelEx", "@16");
    DWORD size = 0;
    if (largest == nullptr || (library->claim == nullptr && library->claim_ex == nullptr)) {
      report("media label library " + entry.name + ": it lacks an export");
    } else if (const DWORD code = largest(&size); code != NO_ERROR) {
      report("media label library " + entry.name + ": MaxMediaLabel answers " +
             std::to_string(code));
    } else {
      result.wanted_ = std::clamp<std::size_t>(size, result.wanted_, kMostWanted);
      result.libraries_.push_back(std::move(library));
    }
  }
  return result;
}

std::optional<Label> LabelLibraries::claim(Block block, const Report& report) const {
  for (const auto& library : libraries_) {
    const std::lock_guard turn(library->busy);
    if (library->hangs) continue;
    const auto question = std::make_shared<Question>();
    question->block.assign(block.begin(), block.end());
    platform::Thread thread = platform::start_thread([question, library] {
      const auto size = static_cast<DWORD>(question->block.size());
      const DWORD code =
          library->claim_ex != nullptr
              ? library->claim_ex(question->block.data(), size, &question->info, &question->guid)
              : library->claim(question->block.data(), size, &question->info);
      const std::lock_guard lock(question->mutex);
      question->code = code;
      question->answered = true;
      question->done.notify_one();
    });
    std::unique_lock lock(question->mutex);
    const bool answered =
        question->done.wait_for(lock, library->time_limit, [&] { return question->answered; });
    lock.unlock();
    if (!answered) {
      library->hangs = true;
      thread.detach();
      report("media label library " + library->name + " does not come back; it is not asked again");
      continue;
    }
    thread.join();
    if (question->code == ERROR_BAD_FORMAT) continue;
    if (question->code != NO_ERROR) {
      report("media label library " + library->name + " answers " + std::to_string(question->code));
      continue;
    }
    if (auto label = to_label(question->info)) return label;
    report("media label library " + library->name + " claims a label without saying which");
  }
  return std::nullopt;
}

std::optional<Label> to_label(const MediaLabelInfo& info) {
  const auto type = text_of(info.LabelType, NTMSMLI_MAXTYPE);
  const auto description = text_of(info.LabelAppDescr, NTMSMLI_MAXAPPDESCR);
  if (!type || type->empty() || !description) return std::nullopt;
  if (info.LabelIDSize == 0 || info.LabelIDSize > NTMSMLI_MAXIDSIZE) return std::nullopt;
  Label label;
  label.type = *type;
  label.info = *description;
  const std::size_t length = std::min<std::size_t>(info.LabelIDSize, kIdLength);
  label.id.assign(info.LabelID, info.LabelID + length);
  return label;
}

}  // namespace ntms::labels
