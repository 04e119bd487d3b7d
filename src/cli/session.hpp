// One run of a command: where the server is, as whom we ask, and how results are shown. The token
// lives here and leaves only in the Authorization header.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "cli/arguments.hpp"
#include "cli/cli.hpp"
#include "cli/config.hpp"
#include "cli/failure.hpp"
#include "cli/table.hpp"
#include "cli/url.hpp"

namespace holdpoint::cli {

enum class Format : std::uint8_t { table, json };

/// A successful reply whose body is a JSON object.
struct Answer {
  int status = 200;
  json::object document;
  std::string text;  // the server's bytes
};

class Session {
 public:
  /// Options win over the environment, the environment over the configuration. The token of the
  /// configuration is only for the server it came from.
  static Tried<Session> open(World& world, const GlobalOptions& options,
                             const std::vector<const Command*>& all);

  [[nodiscard]] const std::string& server() const { return server_; }
  [[nodiscard]] const std::string& workspace() const { return workspace_; }
  [[nodiscard]] Format format() const { return format_; }
  [[nodiscard]] Colour colour() const { return colour_; }
  [[nodiscard]] bool quiet() const { return quiet_; }
  [[nodiscard]] Config& config() { return config_; }
  [[nodiscard]] World& world() { return *world_; }
  [[nodiscard]] const Environment& environment() const { return world_->environment; }
  [[nodiscard]] const std::vector<const Command*>& all_commands() const { return all_; }
  std::ostream& out() { return world_->streams.out; }
  std::ostream& err() { return world_->streams.err; }

  /// The same with the token of the last sign-in, whatever the environment and the options say.
  /// MUST be called only when that was at this server.
  [[nodiscard]] Session as_signed_in() const;

  /// The path below /api/v1 of things in the workspace: {"releases"} is "/main/releases".
  [[nodiscard]] std::string in_workspace(std::vector<std::string> segments) const;

  Tried<Answer> get(const std::string& path);
  /// Sends the document as application/json.
  Tried<Answer> post(const std::string& path, const json::value& document);
  Tried<Answer> post_text(const std::string& path, std::string_view content_type, std::string text);
  /// A request whose answer has no body to read.
  Tried<void> remove(const std::string& path);
  /// Streams a file as the body.
  Tried<Answer> upload(const std::string& path, const std::filesystem::path& file,
                       std::function<void(std::uint64_t)> progress);
  /// The bytes of an answer that is no JSON.
  Tried<std::string> get_bytes(const std::string& path);
  /// A text/plain answer; `path` counts from the server's root.
  Tried<std::string> get_text(const std::string& path);

  /// Prints the server's JSON on one line.
  void print_json(const Answer& answer);
  /// Prints the failure on standard error and gives its exit code.
  Exit fail(const Failure& failure);
  /// A remark for people on standard error, unless --quiet.
  void note(std::string_view text);
  /// Overwrites one line of a terminal with how far the work is; nothing elsewhere.
  void progress(std::string_view text);
  void end_progress();

  [[nodiscard]] std::string paint(std::string_view text, Tone tone) const {
    return cli::paint(text, tone, colour_);
  }

 private:
  Session() = default;
  Tried<Reply> send(Call call, const std::string& where);
  Tried<Answer> ask(Call call);
  Call call(std::string method, const std::string& path) const;

  World* world_ = nullptr;
  std::vector<const Command*> all_;
  Config config_;
  std::string server_;
  std::string workspace_;
  std::string token_;
  Format format_ = Format::table;
  Colour colour_ = Colour::none;
  bool quiet_ = false;
  bool progress_shown_ = false;
};

}  // namespace holdpoint::cli
