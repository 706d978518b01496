// SPDX-License-Identifier: MIT
// What every function of the media services has in common: bad handles, users without rights,
// memory that runs out and a disk that fails (contract: functions-media-services 0.1 and 0.2).
#ifndef _WIN32
#include <unistd.h>
#endif

#include <functional>

#include "conformance/failing_calls.h"
#include "conformance/media/media_fixture.h"

namespace ntms::conformance {
namespace {

class MediaCalls : public MediaTest {
 protected:
  struct Step {
    const char* name;
    std::function<DWORD()> call;
  };

  // An online medium for each step that needs one, an offline one, and what they belong to.
  void prepare() {
    ASSERT_NO_FATAL_FAILURE(start_media());
    place(0, app(), NTMS_PARTSTATE_AVAILABLE);
    place(1, app(), NTMS_PARTSTATE_AVAILABLE);
    place(2, app(), NTMS_PARTSTATE_AVAILABLE);
    first_ = allocated(app());
    second_ = allocated(app());
    spare_ = created(NTMS_W("\\Spare"));
    for (const Id& id : rsm().list(NTMS_MEDIA_TYPE)) {
      if (!(id == media_type()) && rsm().get(id).Info.MediaType.NumberOfSides == 1) type_ = id;
    }
    ASSERT_EQ(create_pool(NTMS_W("\\Typed"), &type_, NTMS_CREATE_NEW, &typed_), ERROR_SUCCESS);
    pm_ = {};
    pm_.dwSize = sizeof pm_;
    pm_.dwType = NTMS_PHYSICAL_MEDIA;
    pm_.Info.PhysicalMedia.MediaPool = app().guid;
    pm_.Info.PhysicalMedia.dwNumberOfPartitions = 1;
    side_ = {};
    side_.dwSize = sizeof side_;
    side_.dwType = NTMS_PARTITION;
    side_.Info.Partition.dwOmidLabelIdLength = 1;
    side_.Info.Partition.szOmidLabelType[0] = NTMS_W('T');
    ASSERT_EQ(CreateNtmsMediaW(session(), &pm_, &side_, 0), ERROR_SUCCESS);
    lost_ = pm_.ObjectGuid;
    pm_.ObjectGuid = side_.ObjectGuid = {};
    free_side_ = side(2);
    moved_ = medium(3);
    // Once the two are swapped, the second has what is the first's now.
    first_side_ = side_behind(first_);
    first_medium_ = side_info(first_side_).PhysicalMedia;
  }

  // Calls that change something, each once, in an order in which all can succeed.
  std::vector<Step> steps() {
    const HANDLE h = session();
    return {
        {"CreateNtmsMediaPoolW",
         [=, this] {
           return CreateNtmsMediaPoolW(h, NTMS_W("\\A new pool for media of some kind"),
                                       media_type().get(), NTMS_CREATE_NEW, nullptr, out_.get());
         }},
        {"CreateNtmsMediaW", [=, this] { return CreateNtmsMediaW(h, &pm_, &side_, 0); }},
        {"AddNtmsMediaType",
         [=, this] { return AddNtmsMediaType(h, type_.get(), library().get()); }},
        {"SwapNtmsMedia", [=, this] { return SwapNtmsMedia(h, first_.get(), second_.get()); }},
        {"AllocateNtmsMedia",
         [=, this] {
           return AllocateNtmsMedia(h, app().get(), free_side_.get(), out_.get(), 0, 0, nullptr);
         }},
        {"SetNtmsMediaComplete", [=, this] { return SetNtmsMediaComplete(h, first_.get()); }},
        {"DeallocateNtmsMedia", [=, this] { return DeallocateNtmsMedia(h, second_.get(), 0); }},
        {"DecommissionNtmsMedia",
         [=, this] { return DecommissionNtmsMedia(h, first_side_.get()); }},
        {"MoveToNtmsMediaPool",
         [=, this] { return MoveToNtmsMediaPool(h, moved_.get(), free_pool().get()); }},
        {"ChangeNtmsMediaType",
         [=, this] { return ChangeNtmsMediaType(h, first_medium_.get(), typed_.get()); }},
        {"DeleteNtmsMedia", [=, this] { return DeleteNtmsMedia(h, lost_.get()); }},
        {"DeleteNtmsMediaPool", [=, this] { return DeleteNtmsMediaPool(h, spare_.get()); }},
    };
  }
  Id out_ = stranger();
  Id first_;
  Id second_;
  Id spare_;
  Id type_;
  Id typed_;
  Id lost_;
  Id free_side_;
  Id moved_;
  Id first_side_;
  Id first_medium_;
  Info pm_{};
  Info side_{};
};

TEST_F(MediaCalls, EveryFunctionRefusesABadHandle) {
  Id id = stranger();
  Info info{};
  NTMS_OBJECTINFORMATIONA narrow_info{};
  WCHAR wide[4] = {};
  char narrow[4] = {};
  DWORD size = 4;
  LPNTMS_GUID p = id.get();
  const std::vector<std::pair<const char*, std::function<DWORD(HANDLE)>>> functions{
      {"AddNtmsMediaType", [&](HANDLE h) { return AddNtmsMediaType(h, p, p); }},
      {"AddNtmsMediaType, NULL", [](HANDLE h) { return AddNtmsMediaType(h, nullptr, nullptr); }},
      {"AllocateNtmsMedia",
       [&](HANDLE h) {
         return AllocateNtmsMedia(h, p, nullptr, p, NTMS_ALLOCATE_NEXT, 0, nullptr);
       }},
      {"AllocateNtmsMedia, bad parameters",
       [](HANDLE h) {
         return AllocateNtmsMedia(h, nullptr, nullptr, nullptr, 99, INFINITE, nullptr);
       }},
      {"ChangeNtmsMediaType", [&](HANDLE h) { return ChangeNtmsMediaType(h, p, p); }},
      {"CreateNtmsMediaA", [&](HANDLE h) { return CreateNtmsMediaA(h, &narrow_info, nullptr, 9); }},
      {"CreateNtmsMediaW", [&](HANDLE h) { return CreateNtmsMediaW(h, &info, &info, 0); }},
      {"CreateNtmsMediaPoolA",
       [&](HANDLE h) { return CreateNtmsMediaPoolA(h, nullptr, p, 9, nullptr, p); }},
      {"CreateNtmsMediaPoolW",
       [&](HANDLE h) { return CreateNtmsMediaPoolW(h, NTMS_W("\\X"), p, 2, nullptr, p); }},
      {"DeallocateNtmsMedia", [&](HANDLE h) { return DeallocateNtmsMedia(h, p, 0); }},
      {"DecommissionNtmsMedia", [&](HANDLE h) { return DecommissionNtmsMedia(h, nullptr); }},
      {"DeleteNtmsMedia", [&](HANDLE h) { return DeleteNtmsMedia(h, p); }},
      {"DeleteNtmsMediaPool", [&](HANDLE h) { return DeleteNtmsMediaPool(h, nullptr); }},
      {"DeleteNtmsMediaType", [&](HANDLE h) { return DeleteNtmsMediaType(h, p, p); }},
      {"GetNtmsMediaPoolNameA",
       [&](HANDLE h) { return GetNtmsMediaPoolNameA(h, p, narrow, nullptr); }},
      {"GetNtmsMediaPoolNameW", [&](HANDLE h) { return GetNtmsMediaPoolNameW(h, p, wide, &size); }},
      {"MoveToNtmsMediaPool", [&](HANDLE h) { return MoveToNtmsMediaPool(h, p, nullptr); }},
      {"SetNtmsMediaComplete", [&](HANDLE h) { return SetNtmsMediaComplete(h, p); }},
      {"SwapNtmsMedia", [&](HANDLE h) { return SwapNtmsMedia(h, p, nullptr); }},
  };
  HANDLE closed = OpenNtmsSessionW(nullptr, nullptr, 0);
  ASSERT_EQ(CloseNtmsSession(closed), ERROR_SUCCESS);
  const Rsm open = Rsm::open();
  for (const auto& [name, call] : functions) {
    for (HANDLE handle : {HANDLE{nullptr}, INVALID_HANDLE_VALUE, closed, HANDLE{&size}}) {
      EXPECT_EQ(call(handle), ERROR_INVALID_HANDLE) << name << " with " << handle;
    }
  }
  EXPECT_EQ(id, stranger()) << "an output was written";
  EXPECT_EQ(size, 4U);
}

TEST_F(MediaCalls, WithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(prepare());
  for (const Step& step : steps()) {
    ASSERT_TRUE(wait_for_quiet()) << picture();
    const std::string last = sql("SELECT max(sequence) FROM change");
    unsigned looks = 0;
    ASSERT_NO_FATAL_FAILURE(step_memory(step.call, [&] {
      return looks++ % 16 != 0 || sql("SELECT max(sequence) FROM change") == last;
    })) << step.name;
    EXPECT_NE(sql("SELECT max(sequence) FROM change"), last) << step.name;
  }
  Id offline = offline_library();
  ASSERT_NO_FATAL_FAILURE(
      step_memory([&] { return DeleteNtmsMediaType(session(), type_.get(), offline.get()); },
                  [] { return true; }));
  WCHAR name[16];
  DWORD size = 16;
  step_memory([&] { return GetNtmsMediaPoolNameW(session(), app().get(), name, &size); },
              [&] { return size == 16; });
}

TEST_F(MediaCalls, WithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(prepare());
  for (const Step& step : steps()) {
    ASSERT_TRUE(wait_for_quiet()) << picture();
    const std::string last = sql("SELECT max(sequence) FROM change");
    expect_disk_failures(database().string(), step.call,
                         [&] { return sql("SELECT max(sequence) FROM change") == last; });
    EXPECT_FALSE(HasFailure()) << step.name;
    if (HasFailure()) return;
  }
  Id other;
  for (const Id& id : rsm().list(NTMS_MEDIA_TYPE)) {
    if (!(id == media_type()) && !(id == type_)) other = id;
  }
  ASSERT_EQ(AddNtmsMediaType(session(), other.get(), library().get()), ERROR_SUCCESS);
  expect_disk_failures(
      database().string(),
      [&] { return DeleteNtmsMediaType(session(), other.get(), library().get()); },
      [] { return true; });
}

// A wait that cannot ask the operator ends with the documented code too.
TEST_F(MediaCalls, WaitWithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  Id logical;
  const FailingDisk disk(database().string(), EIO);
  EXPECT_EQ(allocate(app(), nullptr, &logical, 0, 1000), ERROR_DATABASE_FAILURE);
}

TEST_F(MediaCalls, DatabaseFailureWhenNaming) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  WCHAR name[16];
  DWORD size = 16;
  sql("ALTER TABLE media_pool RENAME TO hidden");
  EXPECT_EQ(GetNtmsMediaPoolNameW(session(), app().get(), name, &size), ERROR_DATABASE_FAILURE);
  EXPECT_EQ(size, 16U);
  sql("ALTER TABLE hidden RENAME TO media_pool");
}

#ifndef _WIN32  // nobody to become
TEST_F(MediaCalls, AccessDenied) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
  ASSERT_NO_FATAL_FAILURE(prepare());
  open_to_everybody();
  const auto user = worker();
  user->write_line("uid 65534");
  ASSERT_EQ(user->read_line(), "uid 0");
  user->write_line("open");
  ASSERT_EQ(user->read_line(), "open 0");
  const auto expect = [&](const std::string& words, DWORD code) {
    user->write_line("media " + words);
    EXPECT_EQ(user->read_line(), "media " + std::to_string(code)) << words;
  };
  const long long last = last_change();
  const std::string pool = app().hex();
  const std::string pm = medium(0).hex();
  expect("create-pool \\New", ERROR_ACCESS_DENIED);
  expect("open-pool \\App", ERROR_ACCESS_DENIED);
  expect("delete-pool " + spare_.hex(), ERROR_ACCESS_DENIED);
  expect("name-pool " + pool, ERROR_ACCESS_DENIED);
  expect("name-pool " + free_pool().hex(), ERROR_SUCCESS);
  expect("add-type " + type_.hex() + " " + library().hex(), ERROR_ACCESS_DENIED);
  expect("delete-type " + type_.hex() + " " + library().hex(), ERROR_ACCESS_DENIED);
  expect("allocate " + pool, ERROR_ACCESS_DENIED);
  expect("allocate " + pool + " " + free_side_.hex(), ERROR_ACCESS_DENIED);
  expect("next " + pool + " " + first_.hex(), ERROR_ACCESS_DENIED);
  expect("deallocate " + first_.hex(), ERROR_ACCESS_DENIED);
  expect("swap " + first_.hex() + " " + second_.hex(), ERROR_ACCESS_DENIED);
  expect("complete " + first_.hex(), ERROR_ACCESS_DENIED);
  expect("decommission " + free_side_.hex(), ERROR_ACCESS_DENIED);
  expect("delete " + lost_.hex(), ERROR_ACCESS_DENIED);
  expect("move " + moved_.hex() + " " + free_pool().hex(), ERROR_ACCESS_DENIED);
  expect("change-type " + pm + " " + typed_.hex(), ERROR_ACCESS_DENIED);
  expect("create " + pool, ERROR_ACCESS_DENIED);
  EXPECT_EQ(last_change(), last);
}
#endif

}  // namespace
}  // namespace ntms::conformance
