namespace Debyard.Pipeline.Tests.Packing;

/// <summary>What is wrong in a section <c>pack</c> is named with its place.</summary>
public sealed class BadPackTests : IDisposable
{
    readonly PackFolder folder = new();

    [Theory]
    [InlineData("contnets: []", "'pack' has no key 'contnets'; did you mean 'contents'?")]
    [InlineData("contents: [ { from: copyright, to: ../x } ]", "'../x' is outside the package")]
    [InlineData("contents: [ { from: copyright, to: /a/../../x } ]", "is outside the package")]
    [InlineData("contents: [ { from: ../../etc/passwd, to: /x } ]", "is outside the manifest's folder")]
    [InlineData("contents: [ { from: \"none/*\", to: /x } ]", "'none/*' matches no file")]
    [InlineData("contents: [ { to: \"/none/*\", mode: 755 } ]", "'/none/*' matches nothing in the package")]
    [InlineData("contents: [ { to: /usr/share/streamer/mian.lua, mode: 755 } ]", "did you mean '/usr/share/streamer/main.lua'?")]
    [InlineData("contents: [ { from: copyright, to: /x, mode: 9 } ]", "'9' is not a mode")]
    [InlineData("contents: [ { from: copyright, to: /x, mode: rwx } ]", "'rwx' is not a mode")]
    [InlineData("contents: [ { from: copyright, to: /x }, { from: copyright, to: /x } ]", "/x is already in 'contents', at line")]
    [InlineData("contents: [ { to: /usr/share/streamer, type: config } ]", "/usr/share/streamer is no file")]
    [InlineData("contents: [ { to: /a, link: b }, { to: /b, link: a } ]", "the links /a -> /b lead back to /a")]
    [InlineData("contents: [ { to: /a, link: ../../etc } ]", "leads out of the package")]
    [InlineData("contents: [ { to: /a, link: b, mode: 644 } ]", "/a is a link, which has no mode")]
    [InlineData("contents: [ { from: copyright, to: /x, owner: strange } ]", "the user 'strange', which neither")]
    [InlineData("contents: [ { from: copyright, to: /x, owner: \"a;reboot\" } ]", "'a;reboot' is not an account's name")]
    [InlineData("contents: [ { from: copyright, to: /x, typ: config } ]", "did you mean 'type'?")]
    [InlineData("contents: [ { from: copyright, to: /x, type: conifg } ]", "did you mean 'config'?")]
    [InlineData("contents: [ { from: copyright, to: /x, text: b } ]", "exclude each other")]
    [InlineData("contents: [ { from: copyright, to: /usr/share/streamer/main.lua/x } ]", "also entries below it")]
    [InlineData("depends: [ \"lua5.4 >= 3\" ]", "'lua5.4 >= 3' is not a relation")]
    [InlineData("depends: [ \"${shlib:Depends}\" ]", "did you mean 'shlibs:Depends'?")]
    [InlineData("priority: optionl", "did you mean 'optional'?")]
    [InlineData("homepage: streamer", "is not an address")]
    [InlineData("units: { streamer.servce: { start: false } }", "there is no unit streamer.servce")]
    [InlineData("compression: xy", "did you mean 'xz'?")]
    [InlineData("level: 12", "only zstd has more")]
    [InlineData("lintian-overrides: { some-tag: \"\" }", "'some-tag' needs a reason")]
    [InlineData("changelog: copyright", "does not begin as a Debian changelog of streamer")]
    [InlineData("scripts: { postinstall: copyright }", "did you mean 'postinst'?")]
    [InlineData("scripts: { postinst: copyright }", "does not begin with an interpreter")]
    public async Task It_is_refused(string pack, string message)
    {
        var refused = await folder.RefusedAsync(pack);

        Assert.Contains(message, refused, StringComparison.Ordinal);
        Assert.Matches(@"debyard\.yml:\d+:", refused);
    }

    [Theory]
    [InlineData("maintainer: Streamer Team <streamer@example.org>", "maintainer: somebody", "must be a name and an address")]
    [InlineData("section: net\n", "", "'pack' lacks 'section'")]
    [InlineData("copyright: copyright", "", "there is no licence")]
    [InlineData("small HTTP media server", "A small server.", "is no sentence")]
    [InlineData("  Serves a file with range requests.\n", "", "add a longer description")]
    public async Task A_field_against_policy_is_refused(string old, string @new, string message)
    {
        Assert.Contains(old, PackFolder.Fields, StringComparison.Ordinal);

        var refused = await Assert.ThrowsAnyAsync<PipelineException>(() =>
            folder.PackAsync(PackFolder.Fields.Replace(old, @new, StringComparison.Ordinal))
        );

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_without_the_token_is_refused_only_where_something_is_generated()
    {
        folder.Write("postinst", "#!/bin/sh\nset -e\n");
        await folder.PackAsync($"{PackFolder.Fields}\nscripts: {{ postinst: postinst }}");

        folder.Write("tree/usr/lib/tmpfiles.d/streamer.conf", "d /run/streamer\n");

        Assert.Contains("lacks a line #DEBHELPER#", await folder.RefusedAsync("scripts: { postinst: postinst }"), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
