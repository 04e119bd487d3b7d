// Uploads that go straight into the object store, and downloads that come straight out of it.
#pragma once

#include <memory>

#include "engine/ports.hpp"
#include "platform/http/message.hpp"

namespace holdpoint::engine::edge {

class ObjectSink final : public http::BodySink {
 public:
  static Result<std::shared_ptr<ObjectSink>> open(ObjectStore& objects);
  explicit ObjectSink(std::unique_ptr<ObjectWriter> writer) : writer_(std::move(writer)) {}

  Result<void> write(std::string_view bytes) override { return writer_->write(bytes); }
  /// Makes the upload durable. MUST be called at most once, after all bytes were written.
  Result<StoredObject> finish() { return writer_->finish(); }

 private:
  std::unique_ptr<ObjectWriter> writer_;
};

/// The body of a streamed route's request. MUST be called on a request of such a route.
ObjectSink& object_sink_of(const http::Request& request);

/// 200 with the object's bytes, verified while they are sent.
http::Response object_response(ObjectStore& objects, const Digest& digest,
                               std::string_view media_type, std::string_view file_name);

}  // namespace holdpoint::engine::edge
