// SPDX-License-Identifier: MIT
// A database with one object of every type, and sessions of different users.
#pragma once

#include <gtest/gtest.h>
#include <ntmsapi.h>
#ifdef _WIN32
#include <windows.h>
// After <windows.h>, which it needs: device and media types.
#include <winioctl.h>
#endif

#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

#include "server/object_information.h"
#include "server/object_management.h"
#include "server/session.h"
#include "store/database.h"
#include "unit/platform/temporary_directory.h"

namespace ntms::server::test {

// Names one object and its type.
struct Named {
  Guid id;
  std::uint32_t type = NTMS_UNKNOWN;
};

class ObjectTest : public ::testing::Test {
 protected:
  ObjectTest() {
    auto opened = store::Database::open(directory_.path(),
                                        {.now = [this] { return now_; }, .after_commit = {}});
    if (!opened) throw std::runtime_error(opened.error().reason);
    database_ = std::move(*opened);
    open_.user = "tester";
    become(administrator());
    seed();
  }

  static platform::Identity nobody() { return {}; }
  // Somebody with an account and nothing else.
  static platform::Identity user() {
    platform::Identity identity;
    identity.user = platform::posix_user(4711);
    identity.sids = {identity.user, platform::everyone(), platform::authenticated_users()};
    return identity;
  }
  static platform::Identity administrator() {
    platform::Identity identity = user();
    identity.is_administrator = true;
    return identity;
  }
  // Whom the calls to come act for.
  void become(platform::Identity identity) {
    session_ = std::make_unique<Session>(
        open_, std::make_shared<const platform::Identity>(std::move(identity)));
  }

  template <class T>
  void insert(T& object) {
    write([&](store::Writer& writer) { writer.insert(object); });
  }

  template <class... Values>
  void execute(const char* sql, const Values&... values) {
    write([&](store::Writer& writer) { writer.execute(sql, values...); });
  }

  template <class T>
  T stored(const Guid& id) {
    auto found = database_->read([&](store::Reader& reader) { return reader.find<T>(id); });
    if (!found || !*found) throw std::runtime_error("no such object");
    return **found;
  }

  std::int64_t number(const char* sql) {
    const auto value = database_->read([&](store::Reader& reader) -> Result<std::int64_t> {
      return {boost::system::in_place_value, reader.number(sql)};
    });
    return *value;
  }

  ObjectInformation information() { return {*database_, *session_}; }
  ObjectManagement management() { return {*database_, *session_}; }

  // The code of a result: 0 for success.
  template <class T>
  static std::uint32_t code(const Result<T>& result) {
    return result ? ERROR_SUCCESS : result.error().code;
  }

  // One of each type.
  std::vector<Named> all() const {
    return {{changer_.id, NTMS_CHANGER},       {changer_type_.id, NTMS_CHANGER_TYPE},
            {computer_.id, NTMS_COMPUTER},     {drive_.id, NTMS_DRIVE},
            {drive_type_.id, NTMS_DRIVE_TYPE}, {door_.id, NTMS_IEDOOR},
            {port_.id, NTMS_IEPORT},           {library_.id, NTMS_LIBRARY},
            {request_.id, NTMS_LIBREQUEST},    {logical_.id, NTMS_LOGICAL_MEDIA},
            {pool_.id, NTMS_MEDIA_POOL},       {media_type_.id, NTMS_MEDIA_TYPE},
            {side_.id, NTMS_PARTITION},        {medium_.id, NTMS_PHYSICAL_MEDIA},
            {slot_.id, NTMS_STORAGESLOT},      {operator_request_.id, NTMS_OPREQUEST}};
  }

  model::Time now_ = 1'000'000;
  platform::test::TemporaryDirectory directory_;
  std::unique_ptr<store::Database> database_;
  OpenSession open_;
  std::unique_ptr<Session> session_;

  model::Computer computer_;
  model::ChangerType changer_type_;
  model::DriveType drive_type_;
  model::MediaType media_type_;
  model::Library library_;
  model::Library offline_;
  model::Changer changer_;
  model::Drive drive_;
  model::Slot slot_;
  model::Port port_;
  model::Door door_;
  model::MediaPool root_;
  model::MediaPool free_;       // system pool at top level
  model::MediaPool pool_;       // application pool at top level, holds medium_
  model::MediaPool empty_;      // application pool at top level, holds nothing
  model::MediaPool container_;  // application pool at top level, holds child_
  model::MediaPool child_;
  model::PhysicalMedium medium_;
  model::PhysicalMedium offline_medium_;  // in pool_ too
  model::Side side_;                      // of medium_, allocated
  model::Side other_side_;                // of medium_
  model::LogicalMedium logical_;          // on side_
  model::LibraryRequest request_;         // queued
  model::LibraryRequest finished_;
  model::OperatorRequest operator_request_;

 private:
  void write(const std::function<void(store::Writer&)>& work) {
    if (seeding_ != nullptr) return work(*seeding_);
    const auto done = database_->write([&](store::Writer& writer) -> Result<void> {
      work(writer);
      return {};
    });
    ASSERT_TRUE(done) << done.error().reason;
  }

  // All in one transaction: commits are what takes time.
  void seed() {
    write([&](store::Writer& writer) {
      seeding_ = &writer;
      seed_library();
      seed_pools();
      seed_media();
      seed_requests();
      seeding_ = nullptr;
    });
  }

  void seed_library() {
    insert(computer_);
    insert(changer_type_);
    insert(drive_type_);
    media_type_.sides = 2;
    insert(media_type_);
    library_.type = NTMS_LIBRARYTYPE_ONLINE;
    library_.first_drive_number = 1;
    insert(library_);
    offline_.type = NTMS_LIBRARYTYPE_OFFLINE;
    offline_.name = "Off-line Media";
    offline_.flags = NTMS_LIBRARYFLAG_FIXEDOFFLINE;
    offline_.first_slot_number = 7;
    insert(offline_);
    execute("INSERT INTO library_media_type(library,media_type) VALUES(?1,?2)", library_.id,
            media_type_.id);
    changer_.library = drive_.library = slot_.library = port_.library = door_.library = library_.id;
    changer_.changer_type = changer_type_.id;
    insert(changer_);
    drive_.drive_type = drive_type_.id;
    insert(drive_);
    insert(slot_);
    insert(port_);
    insert(door_);
  }

  void seed_requests() {
    request_.library = finished_.library = library_.id;
    insert(request_);
    finished_.state = NTMS_LM_PASSED;
    insert(finished_);
    insert(operator_request_);
  }

  void seed_pools() {
    root_.root = true;
    root_.name = "\\";
    insert(root_);
    free_.name = "Free";
    free_.type = NTMS_POOLTYPE_SCRATCH;
    insert(free_);
    pool_.type = empty_.type = container_.type = child_.type = NTMS_POOLTYPE_APPLICATION;
    pool_.name = "Backup";
    pool_.media_type = media_type_.id;
    insert(pool_);
    empty_.name = "Empty";
    insert(empty_);
    container_.name = "Container";
    insert(container_);
    child_.name = "Child";
    child_.parent = container_.id;
    insert(child_);
  }

  void seed_media() {
    medium_.library = library_.id;
    offline_medium_.library = offline_.id;
    medium_.pool = offline_medium_.pool = pool_.id;
    medium_.media_type = offline_medium_.media_type = media_type_.id;
    medium_.location = medium_.home_slot = slot_.id;
    insert(medium_);
    insert(offline_medium_);
    logical_.pool = pool_.id;
    insert(logical_);
    side_.medium = other_side_.medium = medium_.id;
    other_side_.side = 1;
    side_.logical_medium = logical_.id;
    side_.state = NTMS_PARTSTATE_ALLOCATED;
    insert(other_side_);  // first, so that creation order and number differ
    insert(side_);
  }

  store::Writer* seeding_ = nullptr;
};

}  // namespace ntms::server::test
