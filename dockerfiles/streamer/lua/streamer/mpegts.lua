-- Finds where an MPEG transport stream (ISO/IEC 13818-1) can be cut: at the tables before a key frame of its video.
local mpegts = {}

local PACKET, CLOCK = 188, 90000
local VIDEO = { [0x01] = true, [0x02] = true, [0x1b] = true, [0x24] = true } -- MPEG-1, MPEG-2, H.264, H.265

-- Payload of a packet, nil if it has none; whether a decoder may start here (random_access_indicator).
local function payload(packet)
  local control = packet:byte(4) >> 4 & 3
  local at, random = 5, false
  if control & 2 ~= 0 then
    local length = packet:byte(5)
    random = length > 0 and packet:byte(6) & 0x40 ~= 0
    at = 6 + length
  end
  if control & 1 == 0 or at > PACKET then return nil, random end
  return packet:sub(at), random
end

-- A table section that begins in this packet, without pointer and CRC; sections of more than one packet are not supported.
local function section(data)
  local start = 2 + data:byte(1)
  if start + 2 > #data then return nil end
  local length = string.unpack(">I2", data, start + 1) & 0x0fff
  if start + 2 + length > #data or length < 9 then return nil end
  return data:sub(start, start + 2 + length - 4)
end

local function program_map_pid(data)
  local pat = section(data)
  for at = 9, pat and #pat - 3 or 0, 4 do
    local program, pid = string.unpack(">I2I2", pat, at)
    if program ~= 0 then return pid & 0x1fff end
  end
end

local function video_pid(data)
  local map = section(data)
  if not map then return nil end
  local at = 13 + (string.unpack(">I2", map, 11) & 0x0fff)
  while at + 4 <= #map do
    local kind, pid, length = string.unpack(">BI2I2", map, at)
    if VIDEO[kind] then return pid & 0x1fff end
    at = at + 5 + (length & 0x0fff)
  end
end

-- Presentation time in ticks of 90 kHz of the PES packet that starts here, or nil.
local function presentation_time(data)
  if #data < 14 or data:sub(1, 3) ~= "\0\0\1" or data:byte(8) & 0x80 == 0 then return nil end
  local a, b, c = string.unpack(">BI2I2", data, 10)
  return (a >> 1 & 7) << 30 | (b >> 1) << 15 | (c >> 1)
end

-- Reads a transport stream and returns its segments, each with offset, length (bytes) and duration (seconds), of at least `target`
-- seconds each except the last; they cover the stream without gaps. Otherwise returns nil and what is wrong with the stream.
function mpegts.segments(file, target)
  local map_pid, video
  local tables_at          -- where the tables right before the current packet start
  local cuts, first, last, frames = {}, nil, nil, 0
  local offset = 0
  while true do
    local packet, unreadable = file:read(PACKET)
    if unreadable then return nil, "cannot be read: " .. unreadable end
    if not packet then break end
    if #packet < PACKET or packet:byte(1) ~= 0x47 then
      return nil, ("is not an MPEG transport stream: no packet at byte %d"):format(offset)
    end
    local head = string.unpack(">I2", packet, 2)
    local starts, pid = head & 0x4000 ~= 0, head & 0x1fff
    local data, random = payload(packet)
    if pid == 0 and starts and data and not map_pid then map_pid = program_map_pid(data) end
    if pid == map_pid and starts and data and not video then video = video_pid(data) end
    if pid < 0x20 or pid == map_pid then
      tables_at = tables_at or offset
    else
      local time = pid == video and starts and data and presentation_time(data)
      if time then
        frames = frames + 1
        first = first or time
        -- The clock has 33 bits and may wrap within a stream.
        time = (time - first) & 0x1ffffffff
        if time < 1 << 32 and (not last or time > last) then last = time end
        if random and (#cuts == 0 or time - cuts[#cuts].time >= target * CLOCK) then
          cuts[#cuts + 1] = { offset = #cuts == 0 and 0 or tables_at or offset, time = time }
        end
      end
      tables_at = nil
    end
    offset = offset + PACKET
  end
  if #cuts == 0 then return nil, "has no video key frame to start from" end
  -- The last frame is assumed to last as long as the average of the others.
  local finish = last + (frames > 1 and last // (frames - 1) or CLOCK // 25)
  local segments = {}
  for i, cut in ipairs(cuts) do
    local following = cuts[i + 1] or { offset = offset, time = finish }
    segments[i] = { offset = cut.offset, length = following.offset - cut.offset, duration = (following.time - cut.time) / CLOCK }
  end
  return segments
end

return mpegts
