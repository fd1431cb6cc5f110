-- An HLS playlist (RFC 8216) whose segments are byte ranges of one file. Byte ranges need version 4, fractional durations 3.
return function(uri, segments)
  local longest = 0
  for _, segment in ipairs(segments) do longest = math.max(longest, segment.duration) end
  local lines = {
    "#EXTM3U", "#EXT-X-VERSION:4", "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS",
    -- 4.3.3.1: each duration, rounded to the nearest second, is at most this.
    ("#EXT-X-TARGETDURATION:%d"):format(math.max(1, math.ceil(longest))), "#EXT-X-MEDIA-SEQUENCE:0",
  }
  for _, segment in ipairs(segments) do
    lines[#lines + 1] = ("#EXTINF:%.3f,"):format(segment.duration)
    lines[#lines + 1] = ("#EXT-X-BYTERANGE:%d@%d"):format(segment.length, segment.offset)
    lines[#lines + 1] = uri
  end
  lines[#lines + 1] = "#EXT-X-ENDLIST"
  return table.concat(lines, "\n") .. "\n"
end
