// SPDX-License-Identifier: MIT
// The iSCSI transport against a real target (tgt).
#include "transport/iscsi_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "support.h"
#include "support/tgt/tgt_target.h"
#include "tcp_relay.h"
#include "transport/initiator.h"

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace ntms::transport::test {
namespace {

using scsi::Delivery;

// What every test here needs: a target, a loop, and an initiator of its own.
class Iscsi : public testing::Test {
 protected:
  IscsiUri changer() const { return *parse_iscsi_uri(target.changer_uri()); }
  IscsiUri drive() const { return *parse_iscsi_uri(target.drive_uri(0)); }
  IscsiUri through(const TcpRelay& relay) const {
    IscsiUri uri = changer();
    uri.port = relay.port();
    return uri;
  }

  // A session whose first UNIT ATTENTION is taken.
  void take_unit_attention(IscsiTransport& transport) {
    const auto reply = loop.execute(transport, test_unit_ready());
    ASSERT_EQ(reply.delivery, Delivery::delivered) << reply.detail;
    ASSERT_EQ(sense_of(reply), "6/29/00");
  }

  const IscsiOptions options{"iqn.2026-01.org.ntms.test:initiator", 5s};
  ntms::test::TgtTarget target;
  Loop loop;
};

// ---- what goes wrong before a command is sent -----------------------------------------------

TEST(IscsiWithoutTarget, ARefusedConnectionIsNotSent) {
  Loop loop;
  // Bound, so that nobody else has the port, but not listening.
  asio::ip::tcp::socket holder(loop.executor(),
                               asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  IscsiTransport transport(loop.executor(),
                           {"127.0.0.1", holder.local_endpoint().port(), "iqn.x", 1});
  for (int i = 0; i < 3; ++i) {
    const auto reply = loop.execute(transport, test_unit_ready());
    EXPECT_EQ(reply.delivery, Delivery::not_sent);
    EXPECT_THAT(reply.detail, testing::StartsWith(transport.uri() + ": "));
    EXPECT_GT(reply.detail.size(), transport.uri().size() + 2);
  }
}

TEST(IscsiWithoutTarget, ASilentPortalIsGivenUpInTime) {
  Loop loop;
  asio::ip::tcp::acceptor silent(loop.executor(),
                                 asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  IscsiTransport transport(loop.executor(),
                           {"127.0.0.1", silent.local_endpoint().port(), "iqn.x", 1},
                           {"iqn.2026-01.org.ntms.test:initiator", 150ms});
  const auto begin = std::chrono::steady_clock::now();
  const auto reply = loop.execute(transport, test_unit_ready());
  EXPECT_EQ(reply.delivery, Delivery::not_sent);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 150ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST(IscsiWithoutTarget, ACommandsOwnTimeOutBoundsTheLogin) {
  Loop loop;
  asio::ip::tcp::acceptor silent(loop.executor(),
                                 asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  IscsiTransport transport(loop.executor(),
                           {"127.0.0.1", silent.local_endpoint().port(), "iqn.x", 1});
  auto command = test_unit_ready();
  command.timeout = 100ms;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(loop.execute(transport, command).delivery, Delivery::not_sent);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s);
}

TEST(IscsiWithoutTarget, APortalThatTalksNonsenseIsNotSent) {
  Loop loop;
  asio::ip::tcp::acceptor acceptor(loop.executor(),
                                   asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const auto chatter = [&]() -> asio::awaitable<void> {
    asio::ip::tcp::socket peer(loop.executor());
    co_await acceptor.async_accept(peer, asio::use_awaitable);
    const std::string text(4096, 'x');
    co_await asio::async_write(peer, asio::buffer(text), asio::use_awaitable);
  };
  auto talking = loop.start(chatter());
  IscsiTransport transport(loop.executor(),
                           {"127.0.0.1", acceptor.local_endpoint().port(), "iqn.x", 1},
                           {"iqn.2026-01.org.ntms.test:initiator", 2s});
  EXPECT_EQ(loop.execute(transport, test_unit_ready()).delivery, Delivery::not_sent);
  talking.get();
}

TEST(IscsiWithoutTarget, AnUnknownHostIsNotSent) {
  Loop loop;
  IscsiTransport transport(loop.executor(), {"no-such-host.invalid", 3260, "iqn.x", 1});
  const auto reply = loop.execute(transport, test_unit_ready());
  EXPECT_EQ(reply.delivery, Delivery::not_sent);
}

TEST(IscsiWithoutTarget, ImpossibleCommandsAreNotSent) {
  Loop loop;
  IscsiTransport transport(loop.executor(), {"127.0.0.1", 1, "iqn.x", 1});
  std::vector<scsi::Command> impossible(5, test_unit_ready());
  impossible[0].cdb.length = 0;
  impossible[1].cdb.length = 17;
  impossible[2].data_in_length = 1;
  impossible[2].data_out = {1};
  impossible[3].data_in_length = std::size_t{1} << 40U;
  impossible[4].timeout = 0ms;
  for (const auto& command : impossible) {
    const auto reply = loop.execute(transport, command);
    EXPECT_EQ(reply.delivery, Delivery::not_sent);
    EXPECT_THAT(reply.detail, testing::Not(testing::HasSubstr("onnect")));
  }
}

TEST_F(Iscsi, AnUnknownTargetNameIsNotSent) {
  IscsiUri uri = changer();
  uri.target = "iqn.2026-01.org.ntms.test:other";
  IscsiTransport transport(loop.executor(), uri, options);
  const auto reply = loop.execute(transport, test_unit_ready());
  EXPECT_EQ(reply.delivery, Delivery::not_sent);
  EXPECT_FALSE(reply.detail.empty());
}

// ---- what goes wrong afterwards --------------------------------------------------------------

TEST_F(Iscsi, ALinkThatBreaksDuringACommandIsReported) {
  TcpRelay relay(loop.executor(), target.port());
  IscsiTransport transport(loop.executor(), through(relay), options);
  take_unit_attention(transport);

  relay.cut_at_next_request();
  const auto unheard = loop.execute(transport, inquiry());
  EXPECT_EQ(unheard.delivery, Delivery::link_lost) << unheard.detail;
  EXPECT_THAT(unheard.detail, testing::StartsWith(transport.uri() + ": "));

  take_unit_attention(transport);  // the next command logs in again, as a new session
  EXPECT_EQ(relay.connections(), 2);

  relay.cut_at_next_answer();
  EXPECT_EQ(loop.execute(transport, inquiry()).delivery, Delivery::link_lost);
  take_unit_attention(transport);
  EXPECT_EQ(relay.connections(), 3);
  loop.stop();  // before the relay goes
}

TEST_F(Iscsi, ALinkThatBrokeWhileIdleCostsNoCommand) {
  IscsiTransport transport(loop.executor(), changer(), options);
  take_unit_attention(transport);
  for (int i = 0; i < 3; ++i) {
    target.drop_connections();
    take_unit_attention(transport);
    EXPECT_EQ(loop.execute(transport, test_unit_ready()).status, scsi::kStatusGood);
  }
}

TEST_F(Iscsi, ATargetThatDoesNotAnswerTimesOutAndRecovers) {
  IscsiTransport transport(loop.executor(), changer(), options);
  take_unit_attention(transport);

  target.pause();
  auto command = test_unit_ready();
  command.timeout = 100ms;
  const auto begin = std::chrono::steady_clock::now();
  const auto late = loop.execute(transport, command);
  EXPECT_EQ(late.delivery, Delivery::timed_out);
  EXPECT_THAT(late.detail, testing::HasSubstr("100 ms"));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 100ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  EXPECT_EQ(loop.execute(transport, command).delivery, Delivery::not_sent);  // no login either

  target.resume();
  take_unit_attention(transport);
  EXPECT_EQ(loop.execute(transport, test_unit_ready()).status, scsi::kStatusGood);
}

TEST_F(Iscsi, ACallerThatLosesInterestDoesNotDisturbTheNext) {
  IscsiTransport transport(loop.executor(), changer(), options);
  take_unit_attention(transport);

  target.pause();
  auto command = test_unit_ready();
  command.timeout = 200ms;
  asio::cancellation_signal signal;
  std::promise<void> ended;
  asio::co_spawn(
      loop.executor(), transport.execute(command),
      asio::bind_cancellation_slot(signal.slot(), [&](const std::exception_ptr&,
                                                      const scsi::Reply&) { ended.set_value(); }));
  asio::post(loop.executor(), [&] { signal.emit(asio::cancellation_type::terminal); });
  ended.get_future().get();
  target.resume();
  scsi::Reply next;
  do {  // the command before may still have been in time
    next = loop.execute(transport, inquiry());
    ASSERT_EQ(next.delivery, Delivery::delivered) << next.detail;
  } while (next.status != scsi::kStatusGood);
  EXPECT_GE(next.data.size(), 36U);
}

// ---- what works --------------------------------------------------------------------------------

TEST_F(Iscsi, TheFirstCommandSeesTheUnitAttentionOfTheLogin) {
  IscsiTransport transport(loop.executor(), changer(), options);
  const auto first = loop.execute(transport, test_unit_ready());
  EXPECT_EQ(first.delivery, Delivery::delivered);
  EXPECT_EQ(first.status, scsi::kStatusCheckCondition);
  EXPECT_EQ(sense_of(first), "6/29/00");
  EXPECT_EQ(first.sense[0] & 0x7F, 0x70);
  EXPECT_TRUE(first.data.empty());
  EXPECT_EQ(loop.execute(transport, test_unit_ready()).status, scsi::kStatusGood);
}

TEST_F(Iscsi, DeliversTheBytesThatArrivedAndNoMore) {
  IscsiTransport transport(loop.executor(), changer(), options);
  const auto whole = loop.execute(transport, inquiry(255));
  ASSERT_EQ(whole.status, scsi::kStatusGood) << sense_of(whole);
  ASSERT_GE(whole.data.size(), 36U);
  EXPECT_EQ(whole.data.size(), whole.data[4] + 5U);  // ADDITIONAL LENGTH, not what was asked for
  EXPECT_EQ(whole.data[0] & 0x1F, 0x08);
  EXPECT_EQ(std::string(whole.data.begin() + 8, whole.data.begin() + 16), "TGT     ");

  const auto part = loop.execute(transport, inquiry(5));
  EXPECT_EQ(part.data.size(), 5U);

  const auto serial = loop.execute(transport, inquiry_page(0x80));
  ASSERT_GT(serial.data.size(), 4U);
  EXPECT_THAT(std::string(serial.data.begin() + 4, serial.data.end()),
              testing::HasSubstr(target.changer_serial()));
}

TEST_F(Iscsi, ReadsTheElementsOfEachType) {
  IscsiTransport transport(loop.executor(), changer(), options);
  take_unit_attention(transport);
  const std::vector<std::pair<unsigned, unsigned>> first{{1, target.picker_at()},
                                                         {2, target.slot_at(0)},
                                                         {3, target.mail_at(0)},
                                                         {4, target.drive_at(0)}};
  for (const auto& [type, address] : first) {
    const auto reply = loop.execute(transport, read_element_status(type));
    ASSERT_EQ(reply.status, scsi::kStatusGood) << sense_of(reply);
    ASSERT_GE(reply.data.size(), 16U);
    EXPECT_EQ(reply.data[8], type);
    EXPECT_EQ(scsi::get_be16(reply.data, 16), address);
  }
  const auto slots = loop.execute(transport, read_element_status(2));
  EXPECT_TRUE(find_element(slots, target.slot_at(7)).full());
  EXPECT_EQ(find_element(slots, target.slot_at(7)).barcode, target.barcode(7));
  EXPECT_FALSE(find_element(slots, target.slot_at(8)).full());
}

TEST_F(Iscsi, MovesAMediumAndPassesTheSenseDataOn) {
  IscsiTransport transport(loop.executor(), changer(), options);
  take_unit_attention(transport);
  const auto move = move_medium(target.picker_at(), target.slot_at(0), target.mail_at(0));
  EXPECT_EQ(loop.execute(transport, move).status, scsi::kStatusGood);
  const auto mail = loop.execute(transport, read_element_status(3));
  EXPECT_EQ(find_element(mail, target.mail_at(0)).barcode, target.barcode(0));

  const auto again = loop.execute(transport, move);
  EXPECT_EQ(again.delivery, Delivery::delivered);
  EXPECT_EQ(again.status, scsi::kStatusCheckCondition);
  EXPECT_EQ(sense_of(again), "5/3B/0E");
  EXPECT_EQ(sense_of(loop.execute(
                transport, move_medium(target.picker_at(), target.slot_at(1), target.mail_at(0)))),
            "5/3B/0D");
}

TEST_F(Iscsi, SeesWhatTheOperatorDoes) {
  IscsiTransport transport(loop.executor(), changer(), options);
  take_unit_attention(transport);
  target.mail_put(1, "HAND01L8");
  const auto put = loop.execute(transport, read_element_status(3));
  EXPECT_EQ(find_element(put, target.mail_at(1)).barcode, "HAND01L8");
  target.mail_take(1);
  const auto taken = loop.execute(transport, read_element_status(3));
  EXPECT_FALSE(find_element(taken, target.mail_at(1)).full());
}

TEST_F(Iscsi, SendsDataOutInOneAndInManyPieces) {
  IscsiTransport robot(loop.executor(), changer(), options);
  IscsiTransport tape(loop.executor(), drive(), options);
  take_unit_attention(robot);
  ASSERT_EQ(
      loop.execute(robot, move_medium(target.picker_at(), target.slot_at(0), target.drive_at(0)))
          .status,
      scsi::kStatusGood);
  for (int i = 0; i < 4 && loop.execute(tape, test_unit_ready()).status != scsi::kStatusGood; ++i) {
  }
  std::vector<scsi::Command> writes;
  for (const unsigned size : {512U, 200U * 1024U}) {
    auto write = command({0x0A, 0, size >> 16U, (size >> 8U) & 0xFFU, size & 0xFFU, 0});
    for (unsigned i = 0; i < size; ++i) {
      write.data_out.push_back(static_cast<std::uint8_t>((i * 7 + i / 256 + size) & 0xFFU));
    }
    const auto written = loop.execute(tape, write);
    ASSERT_EQ(written.status, scsi::kStatusGood) << written.detail << sense_of(written);
    writes.push_back(write);
  }
  ASSERT_EQ(loop.execute(tape, command({0x01, 0, 0, 0, 0, 0})).status, scsi::kStatusGood);
  for (const auto& write : writes) {
    const unsigned size = static_cast<unsigned>(write.data_out.size());
    const auto read = loop.execute(
        tape, command({0x08, 0, size >> 16U, (size >> 8U) & 0xFFU, size & 0xFFU, 0}, size));
    ASSERT_EQ(read.status, scsi::kStatusGood) << sense_of(read);
    EXPECT_TRUE(read.data == write.data_out);
  }
}

TEST_F(Iscsi, LunsThatDoNotExistAnswerWithSenseData) {
  for (const unsigned lun : {99U, 300U}) {
    IscsiUri uri = changer();
    uri.lun = lun;
    IscsiTransport transport(loop.executor(), uri, options);
    const auto reply = loop.execute(transport, test_unit_ready());
    EXPECT_EQ(reply.delivery, Delivery::delivered) << reply.detail;
    EXPECT_EQ(sense_of(reply), "5/25/00");
  }
}

TEST_F(Iscsi, CommandsFromManyThreadsAreCarriedOutInTurn) {
  TcpRelay relay(loop.executor(), target.port());
  asio::thread_pool callers(4);
  IscsiTransport transport(callers.get_executor(), through(relay), options);
  std::vector<std::future<scsi::Reply>> replies;
  replies.reserve(200);
  for (int i = 0; i < 200; ++i) {
    replies.push_back(asio::co_spawn(asio::make_strand(callers),
                                     transport.execute(i % 2 == 0 ? inquiry() : test_unit_ready()),
                                     asio::use_future));
  }
  int good = 0;
  int attentions = 0;
  for (auto& future : replies) {
    const auto reply = future.get();
    EXPECT_EQ(reply.delivery, Delivery::delivered) << reply.detail;
    if (reply.status == scsi::kStatusGood) ++good;
    if (sense_of(reply) == "6/29/00") ++attentions;
  }
  EXPECT_LE(attentions, 1);  // INQUIRY does not take it
  EXPECT_EQ(good + attentions, 200);
  EXPECT_EQ(relay.connections(), 1);
  loop.stop();  // before the relay goes
}

TEST_F(Iscsi, CommandsOfOneStrandKeepTheirOrder) {
  IscsiTransport transport(loop.executor(), changer(), options);
  std::vector<int> order;
  std::vector<std::future<void>> all;
  const auto one = [&](int i) -> asio::awaitable<void> {
    co_await transport.execute(inquiry());
    order.push_back(i);
  };
  all.reserve(20);
  for (int i = 0; i < 20; ++i) all.push_back(loop.start(one(i)));
  for (auto& future : all) future.get();
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(order.size(), 20U);
}

// ---- the end -----------------------------------------------------------------------------------

TEST_F(Iscsi, DestructionLeavesNothingOnTheExecutor) {
  {
    IscsiTransport transport(loop.executor(), changer(), options);
    take_unit_attention(transport);
  }
  loop.run_dry();  // hangs if a wait was left
}

TEST_F(Iscsi, TheExecutorMayStopBeforeDestruction) {
  auto own = std::make_unique<Loop>();
  auto transport = std::make_unique<IscsiTransport>(own->executor(), changer(), options);
  ASSERT_EQ(sense_of(own->execute(*transport, test_unit_ready())), "6/29/00");
  own->stop();
  transport.reset();
  own.reset();
  target.drop_connections();  // the target still answers; the connection is gone or goes now
}

TEST(DefaultInitiator, IsAnIscsiNameAndStable) {
  EXPECT_THAT(default_initiator(), testing::MatchesRegex("iqn\\.2026-01\\.org\\.ntms:[-.a-z0-9]+"));
  EXPECT_EQ(default_initiator(), default_initiator());
}

}  // namespace
}  // namespace ntms::transport::test
