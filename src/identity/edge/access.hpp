// Who is calling and may he (J1, J4): the gatekeeper's two questions, answered from memory on any
// thread. A revoked token, an ended session, a removed role and a deactivated person count from the
// commit that says so: the snapshot is renewed before that commit is answered.
//
// A token counts in its own workspace only. A caller in a workspace where he has no role, or that
// does not exist, gets the same 403: nobody learns by asking which workspaces there are.
#pragma once

#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "engine/caller.hpp"
#include "engine/engine.hpp"
#include "identity/edge/access_trail.hpp"
#include "identity/edge/snapshot.hpp"
#include "platform/http/message.hpp"

namespace holdpoint::identity {

inline constexpr std::string_view kSessionCookie = "holdpoint_session";
inline constexpr std::string_view kTokenPrefix = "hp_";     // of tokens
inline constexpr std::string_view kSessionPrefix = "hps_";  // of session tokens
/// How far the stored "last seen" of a session may lag behind; at most this much idle time is
/// forgiven by a restart.
inline constexpr Duration last_seen_stored_after = Duration::minutes(5);
inline constexpr std::size_t device_bytes_max = 200;

class Access {
 public:
  /// MUST be made before the engine is started, and outlive it.
  Access(engine::Engine& engine, std::shared_ptr<AccessTrail> trail);
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;

  /// 401 authentication_required, token_unknown or token_expired; 403 cross_site_request for a
  /// cookie that another site may have sent. Does not wait.
  std::expected<std::shared_ptr<const engine::Caller>, http::Response> authenticate(
      const http::Request& request, std::string_view workspace);

  /// 403 permission_denied; `route` is "GET /api/v1/…" as its row says it. The permission "self" is
  /// every authenticated caller's. Does not wait.
  std::expected<void, http::Response> authorize(const engine::Caller& caller,
                                                std::string_view permission,
                                                std::string_view route);

  /// Whether a caller who was admitted before would be admitted now, for what goes on after its
  /// request. It makes no session look used and counts no denial. Does not wait.
  [[nodiscard]] bool still_admits(const engine::Caller& caller, std::string_view permission) const;

  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;
  /// The token that a caller came with; nullopt for sessions.
  [[nodiscard]] std::optional<KnownToken> token_of(const engine::Caller& caller) const;

 private:
  struct Identity {
    ActorKind kind{};
    std::string id;
    std::string via;
    std::string name;
    std::vector<std::string> permissions;
  };
  using Identified = std::expected<Identity, http::Response>;

  void follow(const std::vector<engine::Recorded>& events);
  Identified identify(std::string_view credential, const Digest& hash, std::string_view workspace);
  Identified identify_token(const Snapshot& known, const Digest& hash,
                            std::string_view workspace) const;
  Identified identify_session(const Snapshot& known, const Digest& hash,
                              std::string_view workspace) const;
  void touch(const KnownSession& session, Instant now);
  std::unexpected<http::Response> unauthenticated(const http::Request& request,
                                                  http::Response response);

  engine::Engine& engine_;
  std::shared_ptr<AccessTrail> trail_;
  std::mutex renewing_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_;
};

/// Whether the request says that a page of this server sent it: its Origin is this host, or it has
/// the header `X-Holdpoint: page`, which other sites cannot set.
bool is_same_site(const http::Request& request);
/// Address and device of the request, cut to what is kept.
engine::RequestOrigin origin_of(const http::Request& request);

}  // namespace holdpoint::identity
