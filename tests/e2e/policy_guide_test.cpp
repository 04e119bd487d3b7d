// The guide for policy authors, walked as it is written: its documents are saved, its commands are
// run in order against a real server, and what it says they print is what they print.
//
// A fenced block that names a file ("```yaml one.yaml") is that file; one of yaml without a name is
// a list of rules. Each line of a block of sh is a command, with the exit code it ends with when
// that is not 0. A block of text is part of what the last command printed; "…" stands for what
// differs.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <sstream>

#include "support/server_process.hpp"

namespace holdpoint::test {
namespace {

namespace fs = std::filesystem;

const fs::path source_folder = HP_SOURCE;

struct Block {
  std::string language;
  std::string file;  // "" when it names none
  std::string text;
};

std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> blocks;
  bool is_inside = false;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("```")) {
      if (is_inside) blocks.back().text += line + "\n";
      continue;
    }
    is_inside = !is_inside;
    if (!is_inside) continue;
    std::istringstream info(line.substr(3));
    Block block;
    info >> block.language >> block.file;
    blocks.push_back(block);
  }
  return blocks;
}

struct Command {
  std::vector<std::string> words;
  int exit = 0;
};

/// "holdpoint policy lint a.yaml   # exit 1", with what stands between double quotes as one word.
Command command_of(const std::string& line) {
  const auto comment = line.find("  #");
  Command command;
  std::istringstream words(line.substr(0, comment));
  for (std::string word; words >> std::quoted(word);) command.words.push_back(word);
  const auto exit = comment == std::string::npos ? comment : line.find("exit ", comment);
  if (exit != std::string::npos) command.exit = line[exit + 5] - '0';
  return command;
}

/// Lines are broken by their width, so that only words are compared.
std::string words_of(const std::string& text) {
  std::istringstream in(text);
  std::string out;
  for (std::string word; in >> word;) out += word + " ";
  return out;
}

/// Whether the parts of the block between its "…" follow one another in what was printed.
bool is_part(const std::string& block, const std::string& printed) {
  const std::string wanted = words_of(block);
  const std::string found = words_of(printed);
  constexpr std::string_view gap = "… ";
  std::size_t at = 0;
  for (std::size_t from = 0; from < wanted.size();) {
    const auto to = std::min(wanted.find(gap, from), wanted.size());
    const std::string part = wanted.substr(from, to - from);
    const auto next = found.find(part, at);
    if (next == std::string::npos) return false;
    at = next + part.size();
    from = to + gap.size();
  }
  return true;
}

/// The server of the quick tour: an application and a release that one failing report speaks for.
class Reader {
 public:
  Reader() {
    const std::string examples = (source_folder / "examples").string();
    fs::create_directory(folder_);
    fs::current_path(folder_);
    run({"apply", "--file", examples + "/application.yaml", "--file",
         examples + "/environments.yaml", "--file", examples + "/criteria.yaml"},
        0);
    run({"release", "create", "payments@1.4.0", "--artifact",
         "payments=" + examples + "/README.md"},
        0);
    run({"evidence", "add", "payments@1.4.0", examples + "/self/failing-tests.xml"}, 0);
    run({"certify", "payments@1.4.0"}, 1);
  }
  ~Reader() { fs::current_path(before_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void read(const std::string& page) {
    for (const Block& block : blocks_of(read_file(page))) {
      CAPTURE(block.text);
      if (!block.file.empty()) {
        const fs::path file = folder_ / block.file;
        fs::create_directories(file.parent_path());
        write_file(file.string(), block.text);
      } else if (block.language == "yaml") {
        lint_rules(block.text);
      } else if (block.language == "sh") {
        run_all(block.text);
      } else if (block.language == "text") {
        CAPTURE(printed_);
        CHECK(is_part(block.text, printed_));
      } else {
        FAIL_CHECK("a block of an unknown kind: " << block.language);
      }
    }
  }

  int commands_run = 0;

 private:
  void run(const std::vector<std::string>& arguments, int exit) {
    const Finished finished = server_.run(arguments);
    printed_ = finished.all();
    seen_ += printed_;
    CAPTURE(printed_);
    CHECK(finished.code == exit);
  }

  void run_all(const std::string& script) {
    std::istringstream lines(script);
    printed_.clear();
    std::string printed;
    for (std::string line; std::getline(lines, line);) {
      Command command = command_of(line);
      if (command.words.empty()) continue;
      for (std::string& word : command.words) word = filled(word);
      CAPTURE(line);
      REQUIRE(command.words.front() == "holdpoint");
      run({command.words.begin() + 1, command.words.end()}, command.exit);
      ++commands_run;
      printed += printed_;
    }
    printed_ = printed;
  }

  /// "prp_…" is the id that was printed last and begins like that.
  std::string filled(const std::string& word) {
    const auto cut = word.find("…");
    if (cut == std::string::npos || cut == 0) return word;
    const auto at = seen_.rfind(word.substr(0, cut));
    REQUIRE(at != std::string::npos);
    return seen_.substr(at, seen_.find_first_of(" ./\n", at) - at);
  }

  void lint_rules(const std::string& rules) {
    const std::string document =
        "apiVersion: holdpoint/v1\nkind: CertificationCriteria\n"
        "metadata: {name: fragment, owner: team:docs}\nspec:\n  rules:\n";
    std::istringstream lines(rules);
    std::string indented;
    for (std::string line; std::getline(lines, line);) indented += "    " + line + "\n";
    write_file((folder_ / "fragment.yaml").string(), document + indented);
    run({"policy", "lint", (folder_ / "fragment.yaml").string()}, 0);
  }

  ServerProcess server_;
  fs::path folder_ = server_.path("guide");
  fs::path before_ = fs::current_path();
  std::string printed_;  // by the last block of commands
  std::string seen_;     // all of it
};

}  // namespace

TEST_CASE("what the guide for policy authors says, the program does") {
  Reader reader;
  const fs::path pages = source_folder / "docs/guide/policy-authors";
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(pages)) found.push_back(entry.path().string());
  // In the order of the guide: what one page applied is in force for the next.
  const std::vector<std::string> order{"README.md", "rules.md", "expressions.md", "trying.md",
                                       "changing.md"};
  CHECK(found.size() == order.size());
  for (const std::string& page : order) {
    CAPTURE(page);
    reader.read((pages / page).string());
  }
  CHECK(reader.commands_run >= 20);
}

}  // namespace holdpoint::test
