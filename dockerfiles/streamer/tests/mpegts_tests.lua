local check = require("check")
local mpegts = require("streamer.mpegts")
local playlist = require("streamer.playlist")
local stream = require("stream")

local SECOND = (2 + 25 * 2) * 188

local function described(bytes, target)
  local lines
  stream.as_file(bytes, function(file)
    lines = {}
    for _, s in ipairs(assert(mpegts.segments(file, target))) do
      lines[#lines + 1] = ("%d@%d %.2fs"):format(s.length, s.offset, s.duration)
    end
  end)
  return table.concat(lines, ", ")
end

local function refused(bytes, message)
  stream.as_file(bytes, function(file)
    local segments, problem = mpegts.segments(file, 1)
    check.equal(nil, segments)
    check.equal(message, problem)
  end)
end

return {
  ["a segment begins with the tables before its key frame"] = function()
    check.equal(("%d@0 2.00s, %d@%d 1.00s"):format(2 * SECOND, SECOND, 2 * SECOND), described(stream.seconds(3, 90000), 2))
  end,
  ["a segment is as long as asked or longer"] = function()
    check.equal(("%d@0 2.00s, %d@%d 2.00s"):format(2 * SECOND, 2 * SECOND, 2 * SECOND), described(stream.seconds(4, 0), 1.5))
  end,
  ["a short stream is one segment"] = function()
    check.equal(("%d@0 1.00s"):format(SECOND), described(stream.seconds(1, 0), 10))
  end,
  ["the clock may wrap within the stream"] = function()
    check.equal(("%d@0 1.00s, %d@%d 1.00s"):format(SECOND, SECOND, SECOND), described(stream.seconds(2, (1 << 33) - 50000), 1))
  end,
  ["without tables in between a segment begins at the key frame"] = function()
    local bytes = stream.tables() .. stream.frame(0, true) .. stream.audio() .. stream.frame(90000, true)
    check.equal("752@0 1.00s, 188@752 1.00s", described(bytes, 1))
  end,
  ["another file is refused"] = function()
    refused(("hello "):rep(100), "is not an MPEG transport stream: no packet at byte 0")
    refused(stream.seconds(1, 0) .. "rest", ("is not an MPEG transport stream: no packet at byte %d"):format(SECOND))
  end,
  ["a stream without video is refused"] = function()
    refused(stream.tables() .. stream.audio(), "has no video key frame to start from")
    refused("", "has no video key frame to start from")
  end,
  ["packets of noise do no harm"] = function()
    local random = 1
    local bytes = stream.tables():gsub("().", function(at)
      random = random * 1103515245 + 12345 & 0x7fffffff
      if (at - 1) % 188 > 3 and random % 5 == 0 then return string.char(random >> 8 & 0xff) end
    end)
    refused(bytes, "has no video key frame to start from")
  end,
  ["the playlist is as RFC 8216 has it"] = function()
    check.equal([[
#EXTM3U
#EXT-X-VERSION:4
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-TARGETDURATION:3
#EXT-X-MEDIA-SEQUENCE:0
#EXTINF:2.040,
#EXT-X-BYTERANGE:376@0
a.ts
#EXTINF:1.000,
#EXT-X-BYTERANGE:188@376
a.ts
#EXT-X-ENDLIST
]], playlist("a.ts", { { offset = 0, length = 376, duration = 2.04 }, { offset = 376, length = 188, duration = 1 } }))
  end,
}
