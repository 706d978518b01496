// SPDX-License-Identifier: MIT
// A library with a few cartridges whose labels have been read as far as the database goes, pools to
// put them in, and the questions of the tests about media services.
#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "conformance/library_fixture.h"
#include "support/wide.h"

namespace ntms::conformance {

using test::WideString;

// A word beyond ASCII as the A functions take it: in the ANSI code page (1252 where the tests run
// on Windows), which is UTF-8 elsewhere.
#ifdef _WIN32
#define NTMS_ANSI_GREEN "Gr\xFCn"
#else
#define NTMS_ANSI_GREEN "Gr\xC3\xBCn"
#endif

class MediaTest : public LibraryTest {
 protected:
  // Four cartridges of one side in the import pool, sides UNKNOWN, and an application pool "App"
  // for their media type.
  void start_media(const LibraryShape& shape = {.slots = 6, .drives = 1, .ports = 1, .media = 4}) {
    ASSERT_NO_FATAL_FAILURE(start(shape));
    media_type_ = media_info(medium(0)).MediaType;
    import_ = media_info(medium(0)).MediaPool;
    free_ = opened(NTMS_W("\\Free\\") + media_type_name());
    unrecognized_ = opened(NTMS_W("\\Unrecognized\\") + media_type_name());
    app_ = created(NTMS_W("\\App"));
    ASSERT_FALSE(HasFailure());
  }

  const Id& media_type() const { return media_type_; }
  const Id& free_pool() const { return free_; }
  const Id& import_pool() const { return import_; }
  const Id& unrecognized_pool() const { return unrecognized_; }
  const Id& app() const { return app_; }
  WideString media_type_name() { return rsm().get(media_type_, NTMS_MEDIA_TYPE).szName; }

  DWORD create_pool(const WideString& path, const Id* type, DWORD action, Id* id) {
    return CreateNtmsMediaPoolW(session(), path.c_str(), type != nullptr ? type->get() : nullptr,
                                action, nullptr, id->get());
  }
  Id opened(const WideString& path) {
    Id id;
    EXPECT_EQ(create_pool(path, nullptr, NTMS_OPEN_EXISTING, &id), ERROR_SUCCESS);
    return id;
  }
  // A new pool for the library's media.
  Id created(const WideString& path) {
    Id id;
    EXPECT_EQ(create_pool(path, &media_type_, NTMS_CREATE_NEW, &id), ERROR_SUCCESS);
    return id;
  }
  // A new pool for pools.
  Id container(const WideString& path) {
    Id id;
    EXPECT_EQ(create_pool(path, nullptr, NTMS_CREATE_NEW, &id), ERROR_SUCCESS);
    return id;
  }
  void set_policy(const Id& pool, DWORD allocation, DWORD deallocation, DWORD most = 0xFFFFFFFF) {
    Info info = rsm().get(pool, NTMS_MEDIA_POOL);
    info.Info.MediaPool.AllocationPolicy = allocation;
    info.Info.MediaPool.DeallocationPolicy = deallocation;
    info.Info.MediaPool.dwMaxAllocates = most;
    ASSERT_EQ(rsm().set(info), ERROR_SUCCESS);
  }

  // What has no function yet is done in the database: identification and labels.
  static std::string blob(const Id& id) { return "x'" + id.hex() + "'"; }
  void set_state(unsigned index, DWORD state) {
    sql("UPDATE side SET state=" + std::to_string(state) + " WHERE medium=" + blob(medium(index)));
  }
  void set_side_state(const Id& side, DWORD state) {
    sql("UPDATE side SET state=" + std::to_string(state) + " WHERE guid=" + blob(side));
  }
  void set_media_state(unsigned index, DWORD state) {
    sql("UPDATE physical_medium SET media_state=" + std::to_string(state) +
        " WHERE guid=" + blob(medium(index)));
  }
  // The medium is in this pool, all its sides in this state.
  void place(unsigned index, const Id& pool, DWORD state) {
    sql("UPDATE physical_medium SET pool=" + blob(pool) + " WHERE guid=" + blob(medium(index)));
    set_state(index, state);
  }
  // The library's media get a second side each, in the state of the first.
  void give_second_sides() {
    sql("UPDATE media_type SET sides=2 WHERE guid=" + blob(media_type_));
    sql("INSERT INTO side(guid, created, modified, enabled, operational_state, name, description,"
        " medium, logical_medium, state, side, omid_type, omid_id, omid_info, mount_count,"
        " allocate_count, capacity) SELECT randomblob(16), created, modified, enabled,"
        " operational_state, name, description, medium, logical_medium, state, 1, omid_type,"
        " omid_id, omid_info, mount_count, allocate_count, capacity FROM side WHERE medium IN"
        " (SELECT guid FROM physical_medium WHERE media_type=" +
        blob(media_type_) + ")");
  }
  void take_offline(unsigned index) {
    sql("UPDATE physical_medium SET library=" + blob(offline_library()) +
        ", location=NULL, home_slot=NULL WHERE guid=" + blob(medium(index)));
  }
  void set_enabled(const std::string& table, const Id& id, bool enabled) {
    sql("UPDATE " + table + " SET enabled=" + (enabled ? "1" : "0") + " WHERE guid=" + blob(id));
  }

  std::vector<Id> sides(unsigned index) { return rsm().list(NTMS_PARTITION, medium(index)); }
  Id side(unsigned index, unsigned number = 0) { return sides(index).at(number); }
  NTMS_PARTITIONINFORMATIONW side_info(const Id& id) {
    return rsm().get(id, NTMS_PARTITION).Info.Partition;
  }
  DWORD state_of(unsigned index, unsigned number = 0) {
    return side_info(side(index, number)).State;
  }
  Id pool_of(unsigned index) { return media_info(medium(index)).MediaPool; }

  DWORD allocate(const Id& pool, const Id* wanted, Id* logical, DWORD options = 0,
                 DWORD timeout = 0, NTMS_ALLOCATION_INFORMATION* information = nullptr) {
    return AllocateNtmsMedia(session(), pool.get(), wanted != nullptr ? wanted->get() : nullptr,
                             logical->get(), options, timeout, information);
  }
  // Allocates what must be there.
  Id allocated(const Id& pool, DWORD options = 0) {
    Id logical;
    EXPECT_EQ(allocate(pool, nullptr, &logical, options), ERROR_SUCCESS) << picture();
    EXPECT_FALSE(logical.is_null());
    return logical;
  }
  // Allocates this side.
  Id allocated_side(const Id& pool, const Id& wanted, DWORD options = 0) {
    Id logical;
    EXPECT_EQ(allocate(pool, &wanted, &logical, options), ERROR_SUCCESS) << picture();
    return logical;
  }
  DWORD deallocate(const Id& logical) { return DeallocateNtmsMedia(session(), logical.get(), 0); }
  Id side_behind(const Id& logical) {
    const auto found = rsm().list(NTMS_PARTITION, logical);
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? Id{} : found.front();
  }

  // A call that must be refused with this code and change nothing.
  template <class Call>
  void expect_refused(DWORD code, Call&& call) {
    const long long last = last_change();
    EXPECT_EQ(call(), code);
    EXPECT_EQ(last_change(), last) << describe(changes(last));
  }
  // Whether the changes since `last` are these, in any order.
  void expect_changes(long long last, std::vector<Change> expected) {
    auto seen = changes(last);
    const auto less = [](const Change& a, const Change& b) {
      return std::tuple(a.type, a.operation, a.object.hex()) <
             std::tuple(b.type, b.operation, b.object.hex());
    };
    std::sort(seen.begin(), seen.end(), less);
    std::sort(expected.begin(), expected.end(), less);
    EXPECT_EQ(seen, expected) << "seen:" << describe(seen) << "\nexpected:" << describe(expected);
  }

  // The last request to write the free label on a medium, whatever has become of it.
  Id free_label_request(unsigned index) {
    Id last;
    for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
      const auto request = rsm().request(id);
      if (request.OperationCode == NTMS_LM_WRITESCRATCH &&
          Id(request.PhysMediaId) == medium(index)) {
        last = id;
      }
    }
    return last;
  }
  // Until the library has nothing to do: what it does changes the database.
  bool wait_for_quiet() {
    return wait_until([&] {
      for (const Id& id : rsm().list(NTMS_LIBREQUEST, library())) {
        const DWORD state = rsm().state(id);
        if (state == NTMS_LM_QUEUED || state == NTMS_LM_INPROCESS) return false;
      }
      return true;
    });
  }
  // The open requests to the operator for new media.
  std::vector<Id> new_media_requests() {
    std::vector<Id> open;
    for (const Id& id : rsm().list(NTMS_OPREQUEST)) {
      const auto info = rsm().find(id, NTMS_OPREQUEST);
      if (info && info->Info.OpRequest.Request == NTMS_OPREQ_NEWMEDIA &&
          info->Info.OpRequest.State == NTMS_OPSTATE_SUBMITTED) {
        open.push_back(id);
      }
    }
    return open;
  }

 private:
  Id media_type_;
  Id import_;
  Id free_;
  Id unrecognized_;
  Id app_;
};

}  // namespace ntms::conformance
