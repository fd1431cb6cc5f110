-- Maps paths to responses. A response has a status, headers and a body: text or a part of a file.
local licence = require("streamer.licence")
local mpegts = require("streamer.mpegts")
local playlist = require("streamer.playlist")
local range = require("streamer.range")

local product = {}
product.__index = product

local function plain(status, text, ...)
  return { status = status, headers = { { "Content-Type", "text/plain; charset=utf-8" }, ... }, text = text .. "\n" }
end

-- RFC 3986: a file name as one segment of a path.
local function escaped(name)
  return (name:gsub("[^%w%-._~]", function(c) return ("%%%02X"):format(c:byte()) end))
end

-- Returns the product that serves `settings`, or nil and why the media file cannot be served.
function product.new(settings, version)
  local file, problem = io.open(settings.media, "rb")
  if not file then return nil, "cannot read the media file " .. problem end
  local segments, wrong = mpegts.segments(file, settings.segment)
  file:close()
  if not segments then return nil, ("the media file %s %s"):format(settings.media, wrong) end

  local name = settings.media:match("[^/]+$")
  local self = setmetatable({ version = version, media = settings.media }, product)
  self.licence, self.unlicensed = licence.load(settings.licence)
  self.media_path = "/media/" .. name
  self.playlist_path = "/media/" .. name:gsub("%.[^.]*$", "") .. ".m3u8"
  self.playlist = playlist(escaped(name), segments)
  self.segments = #segments
  return self
end

-- Returns why nothing is served at this time, or nil.
function product:refusal(time)
  if not self.licence then return self.unlicensed end
  if licence.expired(self.licence, time) then return "the licence expired on " .. self.licence.expires end
end

function product:media_response(request)
  local file, problem = io.open(self.media, "rb")
  if not file then
    io.stderr:write("streamer: cannot read the media file ", problem, "\n")
    return plain(500, "the media file cannot be read")
  end
  local size = file:seek("end")
  local headers = { { "Content-Type", "video/mp2t" }, { "Accept-Ranges", "bytes" } }

  -- RFC 9110 14.2 and 13.1.5: ranges apply to GET only, and there is no validator that If-Range could match.
  local first, last
  if request.method == "GET" and not request.headers["if-range"] then first, last = range(request.headers.range, size) end
  if first == false then
    file:close()
    return plain(416, "the range is beyond the end", { "Accept-Ranges", "bytes" }, { "Content-Range", ("bytes */%d"):format(size) })
  end
  file:seek("set", first or 0)
  if not first then return { status = 200, headers = headers, file = file, length = size } end
  headers[#headers + 1] = { "Content-Range", ("bytes %d-%d/%d"):format(first, last, size) }
  return { status = 206, headers = headers, file = file, length = last - first + 1 }
end

function product:respond(request, time)
  local path = request.path
  if path ~= "/health" and path ~= "/version" then
    local refusal = self:refusal(time)
    if refusal then return plain(403, "no valid licence: " .. refusal) end
  end
  if request.method ~= "GET" and request.method ~= "HEAD" then
    return plain(405, "only GET and HEAD are served", { "Allow", "GET, HEAD" })
  end
  if path == "/health" then return plain(200, "ok") end
  if path == "/version" then return plain(200, "streamer " .. self.version) end
  if path == self.media_path then return self:media_response(request) end
  if path == self.playlist_path then
    return { status = 200, headers = { { "Content-Type", "application/vnd.apple.mpegurl" } }, text = self.playlist }
  end
  return plain(404, "nothing is served here")
end

return product
