using System.Net;
using Debyard.Pipeline.Validation.Checks;

namespace Debyard.Pipeline.Tests.Validation.Checks;

/// <summary>Checks of ports, commands, files and logs.</summary>
public sealed class MachineCheckTests : IDisposable
{
    readonly CheckedMachine machine = new();

    [Theory]
    [InlineData("{ tcp: \"{port}\" }")]
    [InlineData("{ tcp: \"{port}\", send: 'version\\r\\n\\n', expect: 'VERSION 1' }")]
    [InlineData(
        "{ tcp: \"{port}\", send-hex: 0d 0a, expect-hex: 0d 0a, contains: VERSION, matches: '^VERSION [0-9.]+', not-contains: ERROR }"
    )]
    public async Task An_answer_over_tcp_as_expected_passes(string check)
    {
        using var service = new ScriptedService("VERSION 1.6.18\r\n");

        Assert.Null(await machine.CheckAsync(check, service.Port));
    }

    [Theory]
    [InlineData("{ tcp: \"{port}\", send: '\\n', expect: '\\xffV' }", "TCP {port} send \\n: expected '\\xffV', got 'ERROR\\r\\n'")]
    [InlineData("{ tcp: \"{port}\", send: '\\n', contains: V }", "TCP {port} send \\n: expected an answer that contains 'V', got ERROR")]
    public async Task Another_answer_over_tcp_is_named(string check, string message)
    {
        using var service = new ScriptedService("ERROR\r\n");

        Assert.Equal(message, await machine.CheckAsync(check, service.Port));
    }

    [Fact]
    public async Task An_answer_that_lacks_something_is_read_until_the_time_limit()
    {
        using var service = new ScriptedService([null]);
        var connect = machine.Context.Connect;
        machine.Context = machine.Context with
        {
            Connect = async (to, cancellation) => new Prefixed(await connect(to, cancellation), "HELLO"u8.ToArray()),
        };

        Assert.Equal(
            "TCP {port}: expected 'x', got 'HELLO'",
            await machine.CheckAsync("{ tcp: \"{port}\", expect: x, timeout: 300ms }", service.Port)
        );
    }

    [Theory]
    [InlineData("{ run: 'echo $((40 + 2))', contains: 42 }", null)]
    [InlineData("{ run: [printf, '%s', $HOME], matches: '^\\$HOME$' }", null)]
    [InlineData("{ run: 'echo no >&2; exit 3', exit-code: 3, contains: no }", null)]
    [InlineData("{ run: 'echo no >&2; exit 3' }", "run echo no >&2; exit 3: expected exit code 0, got exit code 3: no")]
    [InlineData("{ run: echo yes, contains: no }", "run echo yes: expected output that contains 'no', got yes")]
    [InlineData("{ run: sleep 60, timeout: 200ms }", "run sleep 60: expected exit code 0, got no end within 0.2 s: nothing")]
    public async Task A_command_is_judged_by_exit_code_output_and_time(string check, string? message) =>
        Assert.Equal(message, await machine.CheckAsync(check));

    [Theory]
    [InlineData("file, owner: root, group: root, mode: 0640, content: \"a\\nb\\n\", contains: b, matches: '^b$'", null)]
    [InlineData("file, mode: \"640\"", null)]
    [InlineData("file, mode: 0644", "expected mode 644, got mode 640")]
    [InlineData("file, owner: daemon", "expected owner daemon, got owner root")]
    [InlineData("file, content: a", "expected content that is exactly 'a', got a b")]
    [InlineData("file, absent: true", "expected no such file, got a regular file")]
    [InlineData("file, symlink: x", "expected a link to x, got a regular file")]
    [InlineData("folder, mode: 1777", null)]
    [InlineData("folder, contains: x", "expected content, got head: error reading '{0}/folder': Is a directory")]
    [InlineData("link, symlink: file, contains: b", null)]
    [InlineData("link, symlink: other", "expected a link to other, got a link to file")]
    [InlineData("broken, symlink: nowhere", null)]
    [InlineData("broken", "expected a file, got a broken link to nowhere")]
    [InlineData("broken, absent: true", "expected no such file, got a broken link to nowhere")]
    [InlineData("missing, absent: true", null)]
    [InlineData("missing", "expected a file, got no such file")]
    [Trait("Needs", "Root")]
    public async Task A_file_is_judged_by_its_kind_owner_mode_and_content(string check, string? message)
    {
        var file = machine.Write("file", "a\nb\n");
        File.SetUnixFileMode(file, (UnixFileMode)0b110_100_000);
        Directory.CreateDirectory(Path.Combine(machine.Folder, "folder"), (UnixFileMode)0b1_111_111_111);
        File.SetUnixFileMode(Path.Combine(machine.Folder, "folder"), (UnixFileMode)0b1_111_111_111);
        File.CreateSymbolicLink(Path.Combine(machine.Folder, "link"), "file");
        File.CreateSymbolicLink(Path.Combine(machine.Folder, "broken"), "nowhere");

        var failure = await machine.CheckAsync($"{{ file: {machine.Folder}/{check} }}");

        Assert.Equal(
            message is null ? null : $"file {machine.Folder}/{check.Split(',')[0]}: {string.Format(message, machine.Folder)}",
            failure
        );
    }

    [Fact]
    public async Task A_listening_port_is_found_by_number_and_address()
    {
        machine.Context = machine.Context with { ListeningBefore = await ListeningSocket.ReadAsync(machine.Context, default) };
        using var service = new ScriptedService(IPAddress.IPv6Loopback, null, []);

        Assert.Null(await machine.CheckAsync("{ listening: \"{port}\" }", service.Port));
        Assert.Null(await machine.CheckAsync("{ listening: \"{port}\", address: '::1' }", service.Port));
        var failure = await machine.CheckAsync("{ listening: \"{port}\", address: 127.0.0.1 }", service.Port);
        Assert.StartsWith(
            $"listening 127.0.0.1:{{port}}: expected a service that listens on 127.0.0.1:{service.Port}, got listening is ",
            failure,
            StringComparison.Ordinal
        );
        Assert.Contains($"[::1]:{service.Port}", failure, StringComparison.Ordinal); // beside sockets of other tests
    }

    [Theory]
    [InlineData("   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1", "127.0.0.1:8080")]
    [InlineData("   1: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0", "[::1]:80")]
    [InlineData("   2: 0000000000000000FFFF00000100007F:0050 00000000000000000000000000000000:0000 0A 0", "127.0.0.1:80")]
    [InlineData("   3: 0100007F:1F90 0100007F:9C40 01 00000000:00000000", null)]
    [InlineData("  sl  local_address rem_address   st tx_queue", null)]
    [InlineData("cat: /proc/net/tcp6: No such file or directory", null)]
    public void Listening_sockets_are_read_from_proc(string line, string? socket) =>
        Assert.Equal(socket, ListeningSocket.Parse(line)?.ToString());

    [Theory]
    [InlineData("{ log: service, contains: ready, matches: '^listening on [0-9]+$', not-contains: error }", null)]
    [InlineData(
        "{ log: service, contains: steady, within: 1ms }",
        "log service: expected a log that contains 'steady', got ready listening on 80"
    )]
    public async Task A_log_is_judged_by_its_lines(string check, string? message)
    {
        Serve("ready\nlistening on 80\n");

        Assert.Equal(message, await machine.CheckAsync(check));
    }

    [Fact]
    public async Task A_line_that_is_on_its_way_into_the_log_is_waited_for()
    {
        var reads = 0;
        machine.Context = machine.Context with
        {
            Services = [new CheckedService("service", _ => Task.FromResult(++reads < 3 ? "" : "ready"), _ => Task.FromResult<long?>(null))],
        };

        Assert.Null(await machine.CheckAsync("{ log: service, contains: ready }"));
    }

    void Serve(string log) =>
        machine.Context = machine.Context with
        {
            Services = [new CheckedService("service", _ => Task.FromResult(log), _ => Task.FromResult<long?>(null))],
        };

    public void Dispose() => machine.Dispose();

    /// <summary>A stream with some bytes before those of another.</summary>
    sealed class Prefixed(Stream stream, byte[] prefix) : MemoryStream
    {
        bool isRead;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!isRead)
            {
                isRead = true;
                prefix.CopyTo(buffer);
                return prefix.Length;
            }
            return await stream.ReadAsync(buffer, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            stream.Dispose();
            base.Dispose(disposing);
        }
    }
}
