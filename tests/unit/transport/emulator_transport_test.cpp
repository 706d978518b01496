// SPDX-License-Identifier: MIT
// The transport to an emulated library; what the library itself does is tested with the emulator.
#include "transport/emulator_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "ntms/emulator.h"
#include "support.h"
#include "support/system.h"
#include "transport/initiator.h"
#include "transport/open.h"

namespace asio = boost::asio;

namespace ntms::transport::test {
namespace {

using scsi::Delivery;

constexpr unsigned kPicker = 1;
constexpr unsigned kDrive = 256;
constexpr unsigned kSlot = 1024;

// A directory of its own with a small library in it.
class Emulated : public testing::Test {
 protected:
  void SetUp() override {
    directory = ntms::test::make_temporary_directory("ntms-emulated");
    path = (directory / "library.db").string();
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
  }

  // Four slots, two drives; "AAA001L8" in the first slot.
  void make_library() {
    ntms_emulator_geometry geometry{};
    ntms_emulator_geometry_init(&geometry);
    geometry.slots = 4;
    geometry.drives = 2;
    ASSERT_EQ(ntms_emulator_create(path.c_str(), &geometry), NTMS_EMULATOR_OK);
    ntms_emulator* library = nullptr;
    ASSERT_EQ(ntms_emulator_open(path.c_str(), &library), NTMS_EMULATOR_OK);
    EXPECT_EQ(ntms_emulator_load_slot(library, 0, "AAA001L8"), NTMS_EMULATOR_OK);
    ntms_emulator_close(library);
  }

  // Sends the command until it is not answered with UNIT ATTENTION.
  scsi::Reply settled(scsi::Transport& transport, const scsi::Command& command) {
    scsi::Reply reply;
    for (int i = 0; i < 8; ++i) {
      reply = loop.execute(transport, command);
      if (reply.sense.size() < 3 || (reply.sense[2] & 0xF) != 6) break;
    }
    return reply;
  }

  std::filesystem::path directory;
  std::string path;
  Loop loop;
};

TEST_F(Emulated, AMissingFileIsNotSentUntilItIsThere) {
  EmulatorTransport transport({path, "a", 0});
  const auto missing = loop.execute(transport, test_unit_ready());
  EXPECT_EQ(missing.delivery, Delivery::not_sent);
  EXPECT_THAT(missing.detail, testing::StartsWith(transport.uri() + ": "));
  EXPECT_FALSE(std::filesystem::exists(path));
  make_library();
  EXPECT_EQ(loop.execute(transport, inquiry()).delivery, Delivery::delivered);
}

TEST_F(Emulated, AFileThatIsNoLibraryIsNotSent) {
  std::ofstream(path) << "something else, long enough to be read as a header of some kind\n";
  EmulatorTransport transport({path, "a", 0});
  const auto reply = loop.execute(transport, test_unit_ready());
  EXPECT_EQ(reply.delivery, Delivery::not_sent);
  EXPECT_FALSE(reply.detail.empty());
}

TEST_F(Emulated, ImpossibleCommandsAreNotSent) {
  make_library();
  EmulatorTransport transport({path, "a", 0});
  auto command = test_unit_ready();
  command.cdb.length = 7;
  EXPECT_EQ(loop.execute(transport, command).delivery, Delivery::not_sent);
}

TEST_F(Emulated, AChangerAndADriveShareOneFile) {
  make_library();
  const auto changer = open_transport(loop.executor(), "emulator:" + path + "?initiator=host-a");
  ASSERT_TRUE(changer);
  const auto drive = open_transport(loop.executor(), *sibling_uri((*changer)->uri(), 1));
  ASSERT_TRUE(drive);
  EXPECT_EQ((*drive)->uri(), "emulator:" + path + "?initiator=host-a#1");
  EXPECT_EQ((*drive)->poll_interval(), std::chrono::milliseconds(20));

  const auto who = settled(**changer, inquiry());
  ASSERT_GE(who.data.size(), 36U);
  EXPECT_EQ(who.data[0] & 0x1F, 0x08);
  const auto what = settled(**drive, inquiry());
  ASSERT_GE(what.data.size(), 36U);
  EXPECT_EQ(what.data[0] & 0x1F, 0x01);

  EXPECT_EQ(sense_of(settled(**drive, test_unit_ready())), "2/3A/00");  // empty
  EXPECT_EQ(settled(**changer, move_medium(kPicker, kSlot, kDrive)).status, scsi::kStatusGood);
  EXPECT_EQ(settled(**drive, test_unit_ready()).status, scsi::kStatusGood);
  const auto drives = settled(**changer, read_element_status(4));
  EXPECT_EQ(find_element(drives, kDrive).barcode, "AAA001L8");
  EXPECT_EQ(sense_of(settled(**changer, move_medium(kPicker, kSlot, kSlot + 1))), "5/3B/0E");
}

TEST_F(Emulated, EachInitiatorHasItsOwnUnitAttentions) {
  make_library();
  EmulatorTransport first({path, "host-a", 0});
  EmulatorTransport second({path, "host-b", 0});
  EXPECT_EQ(sense_of(loop.execute(first, test_unit_ready())), "6/29/00");
  EXPECT_EQ(settled(first, test_unit_ready()).status, scsi::kStatusGood);
  EXPECT_EQ(sense_of(loop.execute(second, test_unit_ready())), "6/29/00");
}

TEST_F(Emulated, CommandsFromManyThreadsAreAllAnswered) {
  make_library();
  asio::thread_pool callers(4);
  EmulatorTransport transport({path, "a", 0});
  settled(transport, test_unit_ready());
  std::vector<std::future<scsi::Reply>> replies;
  replies.reserve(50);
  for (int i = 0; i < 50; ++i) {
    replies.push_back(
        asio::co_spawn(asio::make_strand(callers), transport.execute(inquiry()), asio::use_future));
  }
  for (auto& future : replies) EXPECT_EQ(future.get().status, scsi::kStatusGood);
}

TEST_F(Emulated, TheCallerGoesOnWhereItWas) {
  make_library();
  EmulatorTransport transport({path, "a", 0});
  const auto compare = [&]() -> asio::awaitable<bool> {
    const auto before = std::this_thread::get_id();
    co_await transport.execute(inquiry());
    co_return before == std::this_thread::get_id();
  };
  EXPECT_TRUE(loop.start(compare()).get());
}

TEST_F(Emulated, WithoutANameTheInitiatorIsTheHost) {
  make_library();
  EmulatorTransport unnamed({path, "", 0});
  EmulatorTransport named({path, default_initiator(), 0});
  EXPECT_EQ(unnamed.uri(), "emulator:" + path);
  EXPECT_EQ(sense_of(loop.execute(unnamed, test_unit_ready())), "6/29/00");
  EXPECT_EQ(settled(unnamed, test_unit_ready()).status, scsi::kStatusGood);
  EXPECT_EQ(loop.execute(named, test_unit_ready()).status, scsi::kStatusGood);
}

}  // namespace
}  // namespace ntms::transport::test
