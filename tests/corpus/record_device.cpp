// SPDX-License-Identifier: MIT
// record_device URI FOLDER: asks a device everything that the corpus has captures of and writes a
// capture of each answer to FOLDER/<parser>/. It only reads: nothing is moved or locked. The URI is
// one of the forms of docs/configuration.md. A serial number in what was recorded is the device's
// own; change it before you give the captures away.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>

#include "corpus/describe.h"
#include "scsi/commands.h"
#include "scsi/density.h"
#include "scsi/inquiry.h"
#include "scsi/mode_pages.h"
#include "scsi/tape_alert.h"
#include "scsi/text.h"
#include "transport/open.h"

namespace {

using namespace ntms;

// What is asked for, and the file of the answer.
struct Question {
  std::string parser;
  std::string name;
  scsi::Command command;
};

std::vector<Question> questions() {
  std::vector<Question> all{
      {"sense", "first_command", scsi::test_unit_ready()},
      {"inquiry", "standard", scsi::inquiry()},
      {"serial_number", "page80", scsi::inquiry_page(scsi::kUnitSerialNumberPage)},
      {"device_identification", "page83", scsi::inquiry_page(scsi::kDeviceIdentificationPage)},
      {"report_luns", "luns", scsi::report_luns()},
      {"mode_sense_6", "all_pages", scsi::mode_sense_6(0x3F)},
      {"mode_sense_10", "all_pages", scsi::mode_sense_10(0x3F)},
      {"tape_alerts", "page2e", scsi::log_sense(scsi::kTapeAlertPage)},
      {"densities", "all", scsi::report_density_support(false)}};
  for (const std::uint8_t page : {scsi::kElementAddressAssignmentPage, scsi::kTransportGeometryPage,
                                  scsi::kDeviceCapabilitiesPage}) {
    const std::string name = "page" + scsi::hex_field(scsi::Bytes(&page, 1));
    all.push_back({"mode_sense_6", name, scsi::mode_sense_6(page)});
    all.push_back({"mode_sense_10", name, scsi::mode_sense_10(page)});
  }
  for (const scsi::ElementType type : scsi::kElementTypes) {
    for (const bool tags : {false, true}) {
      for (const bool devices : {false, true}) {
        scsi::ElementStatusRequest request;
        request.type = type;
        request.count = 16;
        request.volume_tags = tags;
        request.device_ids = devices;
        all.push_back(
            {"element_status",
             std::string(to_string(type)) + (tags ? "_tags" : "") + (devices ? "_devices" : ""),
             scsi::read_element_status(request)});
      }
    }
  }
  return all;
}

void write_capture(const std::filesystem::path& file, const std::string& from,
                   const Question& asked, const std::string& parser,
                   const std::vector<std::uint8_t>& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream out(file);
  out << "# SPDX-License-Identifier: MIT\n# " << from << ": "
      << scsi::command_name(asked.command.cdb.opcode(), true) << ", CDB";
  for (std::size_t i = 0; i < asked.command.cdb.length; ++i) {
    out << ' ' << scsi::hex_field(scsi::Bytes(&asked.command.cdb.bytes[i], 1));
  }
  out << '\n';
  for (const auto& line : corpus::describe(parser, bytes)) out << "expect: " << line << '\n';
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out << scsi::hex_field(scsi::Bytes(&bytes[i], 1)) << (i % 16 == 15 ? '\n' : ' ');
  }
  out << '\n';
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fputs("usage: record_device URI FOLDER\n", stderr);
    return 2;
  }
  boost::asio::io_context context;
  const auto work = boost::asio::make_work_guard(context);
  const auto transport = transport::open_transport(context.get_executor(), arguments[1]);
  if (!transport) {
    std::fprintf(stderr, "%s\n", transport.error().reason.c_str());
    return 1;
  }
  const std::filesystem::path folder = arguments[2];
  std::string from = arguments[1];
  for (const Question& asked : questions()) {
    auto answer = boost::asio::co_spawn(context, (*transport)->execute(asked.command),
                                        boost::asio::use_future);
    while (answer.wait_for(std::chrono::seconds(0)) != std::future_status::ready) context.run_one();
    const scsi::Reply reply = answer.get();
    if (reply.delivery != scsi::Delivery::delivered) {
      std::fprintf(stderr, "%s: %s\n", asked.name.c_str(), reply.detail.c_str());
      return 1;
    }
    if (const auto identity = scsi::parse_inquiry(reply.data);
        asked.parser == "inquiry" && identity) {
      from = identity->vendor + " " + identity->product + " " + identity->revision;
    }
    if (!reply.sense.empty()) {
      write_capture(folder / "sense" / (asked.parser + "_" + asked.name + ".hex"), from, asked,
                    "sense", reply.sense);
    } else if (!reply.data.empty()) {
      write_capture(folder / asked.parser / (asked.name + ".hex"), from, asked, asked.parser,
                    reply.data);
    }
  }
}
