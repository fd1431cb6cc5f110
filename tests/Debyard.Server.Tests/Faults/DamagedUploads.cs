using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Debyard.Server.Tests.Faults;

/// <summary>Every kind of damage to a package and to the request that brings it, at many places.</summary>
static class DamagedUploads
{
    const string Control =
        "Package: lua\nVersion: 5.4.6-1\nArchitecture: amd64\nMaintainer: Debyard <debyard@example.org>\nDescription: a sample\n";
    const int Header = 60;

    public static IEnumerable<DamagedUpload> All(SamplePackage good)
    {
        var members = Members(good.Bytes).ToList();
        return Truncated(good)
            .Concat(Overwritten(good, members))
            .Concat(Controls())
            .Concat(Bombs())
            .Concat(Archives())
            .Concat(Names(good))
            .Concat(Digests(good))
            .Concat(Bodies(good));
    }

    // Every length: so at, within and after every member too.
    static IEnumerable<DamagedUpload> Truncated(SamplePackage good) =>
        Enumerable.Range(0, good.Bytes.Length).Select(length => Put(good, $"cut at {length}", good.Bytes[..length]));

    static IEnumerable<DamagedUpload> Overwritten(SamplePackage good, List<int> members)
    {
        for (var at = 0; at < 8; at++)
            yield return Put(good, $"magic {at}", With(good.Bytes, at, "x"));
        foreach (var start in members)
        {
            // deb(5), ar(5): the size is 10 digits at 48, the header ends in ` and a line end.
            foreach (
                var size in new[]
                {
                    "9999999999",
                    "0         ",
                    "-1        ",
                    "+1        ",
                    "1e3       ",
                    "0x10      ",
                    "4294967296",
                    "          ",
                    "1 2       ",
                    "２２        "[..10],
                }
            )
                yield return Put(good, $"size '{size}' at {start}", With(good.Bytes, start + 48, size));
            for (var at = start; at < start + 16; at++)
                foreach (var letter in new[] { "/", "\0", "x", ".", "\xff" })
                    if (good.Bytes[at] != letter[0] && !(letter == "/" && good.Bytes[at] == ' '))
                        yield return Put(good, $"name {(int)letter[0]} at {at}", With(good.Bytes, at, letter));
            yield return Put(good, $"end at {start}", With(good.Bytes, start + 58, "xx"));
        }
        foreach (var version in new[] { "1.0\n", "3.0\n", "2x0\n", "2.0x", "\0\0\0\0" })
            yield return Put(good, $"format {version}", With(good.Bytes, members[0] + Header, version));
        // Within the control archive: a digest of gzip's tells.
        var control = members[1] + Header;
        for (var at = control; at < control + 10; at++)
            yield return Put(
                good,
                $"gzip header at {at}",
                With(good.Bytes, at, good.Bytes[at] == 0xff ? "\0" : "\xff"),
                isCertain: at is 0 or 1 or 2
            );
    }

    static IEnumerable<DamagedUpload> Controls()
    {
        var controls = new List<(string What, string Text)>
        {
            ("empty", ""),
            ("blank", "\n\n"),
            ("no package", Control.Replace("Package: lua\n", "", StringComparison.Ordinal)),
            ("no version", Control.Replace("Version: 5.4.6-1\n", "", StringComparison.Ordinal)),
            ("no architecture", Control.Replace("Architecture: amd64\n", "", StringComparison.Ordinal)),
            ("two stanzas", Control + "\n" + Control),
            ("twice", Control + "Version: 5.4.6-1\n"),
            ("continued first", " x\n" + Control),
            ("no colon", Control + "nonsense\n"),
            ("no name", Control + ": x\n"),
            ("NUL", Control + "X: \0\n"),
            ("escape", Control + "X: \u001b[0m\n"),
            ("vertical tab", Control + "X: a\vb\n"),
            ("comment", Control + "#X: y\n"),
            ("too large", Control + "X: " + new string('x', 1024 * 1024) + "\n"),
            ("a million fields", Control + string.Concat(Enumerable.Range(0, 200_000).Select(number => $"X{number}: y\n"))),
        };
        foreach (var (field, value) in new[] { ("Package", "lua"), ("Version", "5.4.6-1"), ("Architecture", "amd64") })
        foreach (
            var other in new[]
            {
                "",
                " ",
                "..",
                "../lua",
                "/",
                "a/b",
                "lua lua",
                "lua\n x",
                "l\u00fca",
                "_",
                "-",
                new string('x', 70_000),
                "%2f",
                "$(x)",
                "*",
                "other",
            }
        )
            controls.Add(
                (
                    $"{field} '{other[..Math.Min(20, other.Length)]}'",
                    Control.Replace($"{field}: {value}\n", $"{field}: {other}\n", StringComparison.Ordinal)
                )
            );
        foreach (var (what, text) in controls)
            yield return Put($"control: {what}", Deb(Encoding.UTF8.GetBytes(text)));
        yield return Put("control: Latin-1", Deb(Encoding.Latin1.GetBytes(Control + "X: \u00fc\n")));
        yield return Put("control: UTF-16", Deb(Encoding.Unicode.GetBytes(Control)));
    }

    static IEnumerable<DamagedUpload> Bombs()
    {
        yield return Put("bomb: a tar of zeros", Deb(GZip(new byte[64 * 1024 * 1024]), "control.tar.gz"));
        yield return Put(
            "bomb: a huge file before control",
            Deb(GZip(Tar(("./md5sums", new byte[32 * 1024 * 1024]), ("./control", Encoding.UTF8.GetBytes(Control)))), "control.tar.gz")
        );
        yield return Put("bomb: gzip in gzip", Deb(GZip(GZip(new byte[16 * 1024 * 1024])), "control.tar.gz"));
        var declared = Tar(("./control", Encoding.UTF8.GetBytes(Control)));
        Encoding.ASCII.GetBytes("77777777777\0").CopyTo(declared, 124);
        yield return Put("bomb: a tar entry that says 8 GiB", Deb(GZip(declared), "control.tar.gz"));
    }

    static IEnumerable<DamagedUpload> Archives()
    {
        var tar = Tar(("./control", Encoding.UTF8.GetBytes(Control)));
        foreach (
            var name in new[]
            {
                "control.tar.xz",
                "control.tar.zst",
                "control.tar.bz2",
                "control.tar.lzma",
                "control.tar.Z",
                "control.tar.gz.gz",
                "control",
                "data.tar.gz",
                "debian-binary",
            }
        )
            yield return Put($"gzip as {name}", Deb(GZip(tar), name));
        yield return Put("a tar that is none", Deb(new byte[2048], "control.tar"));
        yield return Put("a tar of noise", Deb([.. Enumerable.Range(0, 4096).Select(number => (byte)(number * 31))], "control.tar"));
        yield return Put("no control in it", Deb(GZip(Tar(("./other", [1]))), "control.tar.gz"));
        yield return Put("control in a folder", Deb(GZip(Tar(("./x/control", Encoding.UTF8.GetBytes(Control)))), "control.tar.gz"));
        for (var length = 1; length < tar.Length; length += 97)
            yield return Put($"a tar cut at {length}", Deb(tar[..length], "control.tar"), isCertain: length < 512);
    }

    static IEnumerable<DamagedUpload> Names(SamplePackage good)
    {
        string[] names =
        [
            "..",
            "../x_1_all.deb",
            "..%2fx_1_all.deb",
            "%2e%2e%2fx_1_all.deb",
            "%00.deb",
            "lua%00_5.4.6-1_amd64.deb",
            "lua_5.4.6-1_amd64.deb%00",
            "lua_5.4.6-1_amd64%2f.deb",
            "%2flua_5.4.6-1_amd64.deb",
            "lua_5.4.6-1_amd64.deb%2f",
            "lua%5c_5.4.6-1_amd64.deb",
            ".deb",
            "_.deb",
            "__.deb",
            "lua.deb",
            "lua_5.4.6-1.deb",
            "lua_5.4.6-1_.deb",
            "_5.4.6-1_amd64.deb",
            "lua__amd64.deb",
            "lua_5.4.6-1_amd64_x.deb",
            "Lua_5.4.6-1_amd64.deb",
            "lua_5.4.6-1_amd64.DEB",
            "lua_5.4.6-1_amd64.udeb",
            "lua_5.4.6-1_AMD 64.deb",
            "lua_5.4.6-1_amd64.deb.deb",
            "%6cua_1_amd64.deb",
            "lua_1:5.4.6-1_amd64.deb",
            "lua_5.4.6-1_arm64.deb",
            "luajit_5.4.6-1_amd64.deb",
            "l%c3%bca_5.4.6-1_amd64.deb",
            "%ff_5.4.6-1_amd64.deb",
            $"{new string('a', 300)}_1_amd64.deb",
            $"lua_{new string('1', 300)}_amd64.deb",
            $"lua_1_{new string('a', 300)}.deb",
            $"{new string('a', 9000)}_1_amd64.deb",
            "lua_5.4.6-1_amd64.deb/x",
            "%",
            "%zz",
        ];
        foreach (var name in names)
            yield return new DamagedUpload($"name {name[..Math.Min(40, name.Length)]}", $"/main/{name}", Length(good.Bytes), good.Bytes);
        foreach (
            var branch in new[]
            {
                "..",
                "%2e%2e",
                ".debyard",
                "a%2fb",
                "A",
                "-a",
                "a-",
                "a_b",
                "api",
                "healthz",
                "%00",
                new string('a', 300),
                "a%20b",
                "%c3%bc",
            }
        )
            yield return new DamagedUpload(
                $"branch {branch[..Math.Min(40, branch.Length)]}",
                $"/{branch}/{good.FileName}",
                Length(good.Bytes),
                good.Bytes
            );
        foreach (var value in new[] { "..", "../x", ".", "/", "a%2fb", "a%00b", "a%20b", "a%0ab", "-x", new string('a', 300), "%ff", "" })
        foreach (var key in new[] { "suite", "component" })
            yield return new DamagedUpload(
                $"{key} {value[..Math.Min(40, value.Length)]}",
                $"/main/{good.FileName}?{key}={value}",
                Length(good.Bytes),
                good.Bytes
            );
    }

    static IEnumerable<DamagedUpload> Digests(SamplePackage good)
    {
        foreach (
            var (header, right) in new[]
            {
                ("X-Sha256", good.Digests.Sha256.ToString()),
                ("X-Sha1", good.Digests.Sha1),
                ("X-Md5", good.Digests.Md5),
            }
        )
        {
            foreach (
                var wrong in new[]
                {
                    right[..^1],
                    right + "0",
                    new string('g', right.Length),
                    "x",
                    "0x" + right[2..],
                    right[..^1] + " ",
                    "../" + right[3..],
                }
            )
                yield return Told(header, wrong);
            for (var at = 0; at < right.Length; at += 3)
                yield return Told(header, $"{right[..at]}{(right[at] == '0' ? '1' : '0')}{right[(at + 1)..]}");
        }
        foreach (
            var wrong in new[]
            {
                "0",
                "-1",
                "1e3",
                "+5",
                "99999999999999999999",
                "x",
                "1 2",
                good.Bytes.Length.ToString(CultureInfo.InvariantCulture) + "0",
            }
        )
            yield return Told("X-Size", wrong);

        DamagedUpload Told(string header, string value) =>
            new($"{header}: {value}", $"/main/{good.FileName}", $"{header}: {value}\r\n{Length(good.Bytes)}", good.Bytes);
    }

    static IEnumerable<DamagedUpload> Bodies(SamplePackage good)
    {
        foreach (
            var (what, chunks) in new[]
            {
                ("longer than told", $"{good.Bytes.Length - 9:x}\r\n"),
                ("shorter than told", $"{good.Bytes.Length + 9:x}\r\n"),
                ("negative", "-1\r\n"),
                ("no number", "zz\r\n"),
                ("huge", "ffffffffffffffff\r\n"),
                ("empty", "\r\n"),
                ("none", ""),
                ("ends at once", "0\r\n\r\n"),
                ("extension without end", $"1;{new string('x', 100)}"),
            }
        )
            yield return new DamagedUpload(
                $"chunk {what}",
                $"/main/{good.FileName}",
                "Transfer-Encoding: chunked\r\n",
                [.. Encoding.ASCII.GetBytes(chunks), .. what is "ends at once" or "none" ? [] : good.Bytes],
                what is "shorter than told" or "none" or "extension without end" ? Ending.CutShort : Ending.Whole
            );
        yield return new DamagedUpload("a length that is none", $"/main/{good.FileName}", "Content-Length: x\r\n", good.Bytes);
        yield return new DamagedUpload("a negative length", $"/main/{good.FileName}", "Content-Length: -1\r\n", good.Bytes);
        yield return new DamagedUpload("two lengths", $"/main/{good.FileName}", $"Content-Length: 5\r\n{Length(good.Bytes)}", good.Bytes);
        yield return new DamagedUpload("more than is taken", $"/main/{good.FileName}", "Content-Length: 9999999999999\r\n", good.Bytes);
        yield return new DamagedUpload("no body", $"/main/{good.FileName}", "Content-Length: 0\r\n", []);
        yield return new DamagedUpload("no length", $"/main/{good.FileName}", "", good.Bytes);
        yield return new DamagedUpload("an unknown encoding", $"/main/{good.FileName}", "Transfer-Encoding: gzip\r\n", good.Bytes);
        yield return new DamagedUpload(
            "a header of 64 KiB",
            $"/main/{good.FileName}",
            $"X-Debyard-Ref: {new string('x', 65_536)}\r\n{Length(good.Bytes)}",
            good.Bytes
        );
    }

    static DamagedUpload Put(SamplePackage good, string what, byte[] body, bool isCertain = true) =>
        Put(what, body, isCertain) with
        {
            Target = $"/main/{good.FileName}",
        };

    // Where the damage alone need not tell, a digest does, as clients send it.
    static DamagedUpload Put(string what, byte[] body, bool isCertain = true) =>
        new(what, "/main/lua_5.4.6-1_amd64.deb", (isCertain ? "" : $"X-Sha1: {new string('0', 40)}\r\n") + Length(body), body);

    static string Length(byte[] body) => $"Content-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n";

    static IEnumerable<int> Members(byte[] deb)
    {
        for (var at = 8; at + Header <= deb.Length; )
        {
            yield return at;
            var size = int.Parse(Encoding.ASCII.GetString(deb, at + 48, 10).Trim(), CultureInfo.InvariantCulture);
            at += Header + size + (size & 1);
        }
    }

    static byte[] With(byte[] bytes, int at, string text)
    {
        var changed = (byte[])bytes.Clone();
        Encoding.Latin1.GetBytes(text).CopyTo(changed, at);
        return changed;
    }

    static byte[] Deb(byte[] control) => Deb(GZip(Tar(("./control", control))), "control.tar.gz");

    static byte[] Deb(byte[] control, string name) =>
        [
            .. "!<arch>\n"u8,
            .. Member("debian-binary", "2.0\n"u8.ToArray()),
            .. Member(name, control),
            .. Member("data.tar.gz", GZip(new byte[1024])),
        ];

    static byte[] Member(string name, byte[] content) =>
        [
            .. Encoding.ASCII.GetBytes($"{name, -16}{"0", -12}{"0", -6}{"0", -6}{"100644", -8}{content.Length, -10}`\n"),
            .. content,
            .. new byte[content.Length & 1],
        ];

    static byte[] Tar(params (string Name, byte[] Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Gnu, leaveOpen: true))
            foreach (var (name, content) in files)
                tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        return bytes.ToArray();
    }

    static byte[] GZip(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(content);
        return bytes.ToArray();
    }
}
