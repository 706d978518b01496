// SPDX-License-Identifier: MIT
// The table of subcommands.
#include "rsm/subcommands.h"

#include <array>

namespace ntms::rsm {
namespace {

constexpr auto kFlag = SwitchKind::flag;
constexpr auto kValue = SwitchKind::value;
constexpr auto kOptional = SwitchKind::optional;
constexpr auto kObject = SwitchKind::object;

constexpr auto kAllocate = std::to_array<Switch>({{"m", kValue},
                                                  {"o", kValue},
                                                  {"l", kObject},
                                                  {"p", kObject},
                                                  {"ln", kValue},
                                                  {"ld", kValue},
                                                  {"pn", kValue},
                                                  {"pd", kValue},
                                                  {"t", kValue},
                                                  {"b"}});
constexpr auto kCreatePool =
    std::to_array<Switch>({{"m", kValue}, {"a", kValue}, {"t", kObject}, {"d"}, {"r"}});
constexpr auto kDeallocate = std::to_array<Switch>({{"l", kObject}, {"p", kObject}});
constexpr auto kDeletePool = std::to_array<Switch>({{"m", kValue}});
constexpr auto kDismount =
    std::to_array<Switch>({{"l", kObject}, {"p", kObject}, {"o", kOptional}, {"w"}});
constexpr auto kEject = std::to_array<Switch>({{"p", kObject},
                                               {"s", kObject},
                                               {"d", kObject},
                                               {"l", kObject},
                                               {"o", kValue},
                                               {"a", kValue},
                                               {"b"},
                                               {"w"}});
constexpr auto kEjectAtapi = std::to_array<Switch>({{"n", kValue}});
constexpr auto kErase =
    std::to_array<Switch>({{"p", kObject}, {"b"}, {"r", kValue}, {"t", kValue}, {"w"}});
constexpr auto kFreeMedia =
    std::to_array<Switch>({{"l", kObject}, {"p", kObject}, {"s", kObject}, {"d", kObject}, {"w"}});
constexpr auto kInventory = std::to_array<Switch>({{"l", kObject}, {"a", kValue}, {"w"}});
constexpr auto kMount = std::to_array<Switch>({{"l", kObject},
                                               {"p", kObject},
                                               {"s", kObject},
                                               {"c", kObject},
                                               {"d", kObject},
                                               {"o", kValue, true},
                                               {"r", kValue},
                                               {"t", kValue}});
constexpr auto kRefresh = std::to_array<Switch>({{"l", kObject}, {"p", kObject}, {"tg", kValue}});
constexpr auto kRename =
    std::to_array<Switch>({{"t", kValue}, {"o", kObject}, {"n", kValue}, {"d", kValue}});
constexpr auto kUi =
    std::to_array<Switch>({{"a", kValue}, {"t", kValue}, {"l", kObject}, {"c", kValue}});
constexpr auto kView = std::to_array<Switch>(
    {{"t", kValue}, {"cg", kValue}, {"guiddisplay"}, {"b"}, {"desc"}, {"where"}});
constexpr auto kPolicy = std::to_array<Switch>({{"keepimport", kValue}, {"purgefree", kValue}});
constexpr auto kHost =
    std::to_array<Switch>({{"detached"}, {"idle", kValue}, {"service"}, {"install"}, {"remove"}});
constexpr auto kEmulator = std::to_array<Switch>({{"slots", kValue},
                                                  {"drives", kValue},
                                                  {"ports", kValue},
                                                  {"doors", kValue},
                                                  {"media", kValue},
                                                  {"prefix", kValue},
                                                  {"virtualclock"},
                                                  {"port", kValue},
                                                  {"barcode", kValue},
                                                  {"scenario", kValue}});

constexpr auto kSubcommands = std::to_array<Subcommand>({
    {"allocate", "Allocates a side of a medium from a media pool.",
     "rsm allocate /mPool /o{errunavail|new|next} [/l{g|f}LogicalMedia | /p{g|f}Side]\n"
     "             [/lnName] [/ldText] [/pnName] [/pdText] [/tTimeout] [/b]\n",
     kAllocate},
    {"createpool", "Opens or creates a media pool.",
     "rsm createpool /mPool /a{existing|always|new} [/t{g|f}MediaType] [/d] [/r]\n", kCreatePool},
    {"deallocate", "Gives a side back.", "rsm deallocate {/l{g|f}LogicalMedia | /p{g|f}Side}\n",
     kDeallocate},
    {"deletepool", "Deletes an empty media pool.", "rsm deletepool /mPool\n", kDeletePool},
    {"dismount", "Takes a medium out of its drive.",
     "rsm dismount {/l{g|f}LogicalMedia | /p{g|f}Side} [/o[deferred]] [/w]\n", kDismount},
    {"eject", "Ejects a cartridge through the port of its library.",
     "rsm eject /p{g|f}Cartridge [/a{start|queue|force}] [/b] [/w]\n"
     "rsm eject {/sgSlot /lgLibrary | /sfSlot /lfLibrary}  what is in this slot\n"
     "rsm eject {/dgDrive /lgLibrary | /dfDrive /lfLibrary}  what is in this drive\n"
     "rsm eject /l{g|f}Library  what is in the drive of a library with one drive\n"
     "rsm eject /astop /oOperation [/w]\n"
     "  /astart  (default) ejects it, with all that were queued, and prints the operation's GUID\n"
     "  /aqueue  collects it for one round of a port that holds several\n"
     "  /aforce  ejects it even if it is in use\n"
     "  /astop   stops the operation with the GUID that an earlier start printed\n"
     "  /b       prints the GUID only\n"
     "  /w       waits until the operation has ended\n",
     kEject, 0, run_eject},
    {"ejectatapi", "Ejects from an ATAPI changer.", "rsm ejectatapi /nNumber\n", kEjectAtapi},
    {"erase", "Erases a side.", "rsm erase /p{g|f}Side [/b] [/rValue] [/tTimeout] [/w]\n", kErase},
    {"freemedia", "Writes a free label and returns the medium to the free pool.",
     "rsm freemedia {/l{g|f}LogicalMedia | /p{g|f}Side | /s{g|f}Slot /l{g|f}Library}\n"
     "              [/d{g|f}Drive] [/w]\n",
     kFreeMedia},
    {"inventory", "Finds out what a library holds.",
     "rsm inventory /l{g|f}Library /a{full|fast|default|none|stop} [/w]\n"
     "  /afast     by bar code, or only what has changed where there is no reader\n"
     "  /afull     by the label on every side\n"
     "  /adefault  as the library is set\n"
     "  /anone     not at all\n"
     "  /astop     stops a running inventory\n"
     "  /w         waits until the inventory has ended\n",
     kInventory, 0, run_inventory},
    {"mount", "Mounts a medium.",
     "rsm mount {/l{g|f}LogicalMedia | /p{g|f}Side | /s{g|f}Slot /c{g|f}Changer}\n"
     "          [/d{g|f}Drive] /o{errunavail|drive|read|write|offline}\n"
     "          [/r{normal|high|low|highest|lowest}] [/tTimeout]\n",
     kMount},
    {"refresh", "Looks for changed media.",
     "rsm refresh {/l{g|f}Library | /p{g|f}Cartridge | /tgMediaType}\n", kRefresh},
    {"rename", "Changes name or description of an object.",
     "rsm rename /tType /o{g|f}Object [/nName] [/dText]\n", kRename},
    {"ui", "Sets where messages to people go.",
     "rsm ui /a{add|delete|deleteall} /t{info|req|err} [/l{g|f}Library] [/cComputer]\n", kUi},
    {"view", "Lists objects.",
     "rsm view /tType [/cgContainer] [/guiddisplay] [/b] [/desc] [/where]\n"
     "  /t            changer, changer_type, computer, drive, drive_type, iedoor, ieport, "
     "library,\n"
     "                librequest, logical_media, media_pool, media_type, oprequest, partition,\n"
     "                physical_media, storageslot or ui_destination\n"
     "  /cg           GUID of the library, pool, cartridge, side ... whose contents are wanted\n"
     "  /guiddisplay  with the GUIDs; with /b nothing but the GUIDs\n"
     "  /b            without heading and closing line\n"
     "  /desc         with the descriptions\n"
     "  /where        with the place of each cartridge (/tphysical_media), or the device of each\n"
     "                drive and why it is taken for that in the bay (/tdrive)\n",
     kView, 0, run_view},
    {"policy", "Shows or sets what becomes of ejected media.",
     "rsm policy [/keepimport{on|off}] [/purgefree{on|off}]\n"
     "  /keepimport  on: ejected cartridges of an import pool are kept as offline media;\n"
     "               off: they are forgotten\n"
     "  /purgefree   on: ejected free cartridges are forgotten; off: they are kept\n"
     "Without a switch it prints the settings.\n",
     kPolicy, 0, run_policy},
    {"host", "Works for all sessions of this computer until it is told to end.",
     "rsm host [/detached [/idleSeconds] | /install | /remove | /service]\n"
     "  /detached  for use by the library itself: ends when nothing is to be done\n"
     "  /idle      after how many seconds without work (default 60)\n"
     "  /install   Windows: registers this program as the service NtmsSvc\n"
     "  /remove    Windows: stops the service and takes the registration back\n"
     "  /service   Windows: how the service manager starts it\n",
     kHost, 0, run_host},
    {"emulator", "Makes an emulated library and plays its operator.",
     "rsm emulator create PATH [/slotsN] [/drivesN] [/portsN] [/doorsN] [/mediaN] [/prefixTEXT]\n"
     "                         [/virtualclock]\n"
     "rsm emulator create PATH /scenarioFILE\n"
     "rsm emulator play PATH /scenarioFILE\n"
     "rsm emulator show PATH\n"
     "rsm emulator put PATH /portN [/barcodeTEXT]\n"
     "rsm emulator take PATH /portN\n"
     "  create  makes the file PATH with N cartridges in the first slots, bar codes EMU001L8,\n"
     "          EMU002L8 ... (or another prefix), and prints the name for NTMS_DEVICES;\n"
     "          with /scenario: the library that a scenario file describes\n"
     "  play    does what a scenario file says, line by line, and prints each line that is done\n"
     "  show    prints what is in the elements\n"
     "  put     puts a cartridge into a port (the first is 1), from the shelf if it is there\n"
     "  take    takes the cartridge out of a port and prints its bar code\n",
     kEmulator, 2, run_emulator},
});

}  // namespace

std::span<const Subcommand> subcommands() {
  return kSubcommands;
}

}  // namespace ntms::rsm
