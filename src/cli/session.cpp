// Options, environment and configuration resolved, and every request of the program.
#include "cli/session.hpp"

#include <ostream>

#include "base/assert.hpp"
#include "cli/fields.hpp"
#include "cli/local_file.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::size_t token_bytes_max = 4096;
constexpr std::string_view blanks = " \t\r\n";

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(blanks) - begin + 1));
}

std::string first_of(const std::string& option, const Environment& environment,
                     std::string_view variable, const std::string& otherwise) {
  if (!option.empty()) return option;
  if (const auto value = environment(variable); value && !value->empty()) return *value;
  return otherwise;
}

Tried<std::string> checked_token(std::string token) {
  for (const char c : token) {
    if (c <= ' ' || c > '~') {
      return wrong_use("The token holds characters that no token has.", "HOLDPOINT_TOKEN",
                       "Set the token exactly as it was shown.");
    }
  }
  return token;
}

Tried<std::string> token_of(const GlobalOptions& options, const Environment& environment,
                            const Config& config, const std::string& server) {
  const std::string token = first_of(options.token, environment, "HOLDPOINT_TOKEN", "");
  if (!token.empty()) return checked_token(trimmed(token));
  if (const auto file = environment("HOLDPOINT_TOKEN_FILE"); file && !file->empty()) {
    HP_TRY(const std::string text, read_file(*file, token_bytes_max));
    return checked_token(trimmed(text));
  }
  if (config.server == server) return config.token;
  return std::string();
}

Tried<std::string> checked_server(std::string server) {
  while (server.ends_with('/')) server.pop_back();
  const bool known = server.starts_with("http://") || server.starts_with("https://");
  if (!known || server.find_first_of(" \t\r\n?#") != std::string::npos) {
    return wrong_use("`" + server + "` is no address of a server.", "--server",
                     "Give it like https://holdpoint.example.org.");
  }
  if (without_credentials(server) != server) {
    return wrong_use("The address of the server holds a user or password.", "--server",
                     "Leave it out and set HOLDPOINT_TOKEN.");
  }
  return server;
}

bool is_present(const std::optional<std::string>& value) { return value && !value->empty(); }

}  // namespace

Tried<Session> Session::open(World& world, const GlobalOptions& options,
                             const std::vector<const Command*>& all) {
  Session session;
  session.world_ = &world;
  session.all_ = all;
  session.format_ = options.format == "json" ? Format::json : Format::table;
  session.quiet_ = options.quiet;
  const bool plain = options.no_color || is_present(world.environment("NO_COLOR")) ||
                     world.environment("TERM") == "dumb";
  session.colour_ =
      !plain && world.streams.out_face == Face::terminal ? Colour::ansi : Colour::none;
  HP_TRY(session.config_, load_config(world.environment));
  const Config& config = session.config_;
  HP_TRY(session.server_,
         checked_server(
             first_of(options.server, world.environment, "HOLDPOINT_SERVER",
                      config.server.empty() ? std::string(server_default) : config.server)));
  session.workspace_ =
      first_of(options.workspace, world.environment, "HOLDPOINT_WORKSPACE",
               config.workspace.empty() ? std::string(workspace_default) : config.workspace);
  HP_TRY(session.token_, token_of(options, world.environment, config, session.server_));
  return session;
}

Session Session::as_signed_in() const {
  HP_ASSERT(config_.server == server_, "CL-1: a kept token goes to the server it came from");
  Session signed_in = *this;
  signed_in.token_ = config_.token;
  return signed_in;
}

std::string Session::in_workspace(std::vector<std::string> segments) const {
  segments.insert(segments.begin(), workspace_);
  return path_of(segments);
}

Call Session::call(std::string method, const std::string& path) const {
  Call call;
  call.method = std::move(method);
  call.url = server_ + "/api/v1" + path;
  call.headers = {{"Accept", "application/json"}};
  return call;
}

Tried<Reply> Session::send(Call call, const std::string& where) {
  call.headers.emplace_back("User-Agent", "holdpoint/" + std::string(program_version));
  if (!token_.empty()) call.headers.emplace_back("Authorization", "Bearer " + token_);
  auto reply = world_->transport.send(call);
  if (!reply) return std::unexpected(failure_of(reply.error(), where));
  if (reply->status < 200 || reply->status > 299) {
    return std::unexpected(failure_of(*reply, where));
  }
  return std::move(*reply);
}

Tried<Answer> Session::ask(Call call) {
  const std::string where = call.method + " " + call.url;
  HP_TRY(Reply reply, send(std::move(call), where));
  auto document = parse_json(reply.body, {.depth_max = 64, .bytes_max = reply_bytes_max});
  if (!document) return malformed("The answer is no JSON: " + document.error().text(), where);
  if (!document->is_object()) return malformed("The answer is no JSON object.", where);
  return Answer{reply.status, std::move(document->get_object()), std::move(reply.body)};
}

Tried<Answer> Session::get(const std::string& path) { return ask(call("GET", path)); }

Tried<Answer> Session::post(const std::string& path, const json::value& document) {
  return post_text(path, "application/json", json::serialize(document));
}

Tried<Answer> Session::post_text(const std::string& path, std::string_view content_type,
                                 std::string text) {
  Call request = call("POST", path);
  request.headers.emplace_back("Content-Type", content_type);
  request.body = std::move(text);
  return ask(std::move(request));
}

Tried<void> Session::remove(const std::string& path) {
  Call request = call("DELETE", path);
  const std::string where = "DELETE " + request.url;
  HP_TRY_VOID(send(std::move(request), where));
  return {};
}

Tried<Answer> Session::upload(const std::string& path, const std::filesystem::path& file,
                              std::function<void(std::uint64_t)> progress) {
  Call request = call("POST", path);
  request.headers.emplace_back("Content-Type", "application/octet-stream");
  request.upload = file;
  request.progress = std::move(progress);
  return ask(std::move(request));
}

Tried<std::string> Session::get_bytes(const std::string& path) {
  Call request = call("GET", path);
  const std::string where = "GET " + request.url;
  HP_TRY(Reply reply, send(std::move(request), where));
  return std::move(reply.body);
}

Tried<std::string> Session::get_text(const std::string& path) {
  Call request;
  request.method = "GET";
  request.url = server_ + path;
  request.headers = {{"Accept", "text/plain"}};
  const std::string where = "GET " + request.url;
  HP_TRY(Reply reply, send(std::move(request), where));
  return std::move(reply.body);
}

void Session::print_json(const Answer& answer) {
  out() << answer.text;
  if (!answer.text.ends_with('\n')) out() << '\n';
}

Exit Session::fail(const Failure& failure) {
  end_progress();
  err() << failure_text(failure);
  return failure.exit;
}

void Session::note(std::string_view text) {
  if (quiet_) return;
  end_progress();
  err() << printable(text) << '\n';
}

void Session::progress(std::string_view text) {
  if (quiet_ || world_->streams.err_face != Face::terminal) return;
  err() << "\r\x1b[K" << printable(text) << std::flush;
  progress_shown_ = true;
}

void Session::end_progress() {
  if (!progress_shown_) return;
  err() << "\r\x1b[K" << std::flush;
  progress_shown_ = false;
}

}  // namespace holdpoint::cli
