using Debyard.Pipeline.Validation.Checks;

namespace Debyard.Pipeline.Tests.Validation.Checks;

public sealed class SecretsTests : IDisposable
{
    const string Key = "k&y \"4711\"";

    readonly CheckedMachine machine = new();

    [Fact]
    public async Task A_secret_is_sent_but_not_shown()
    {
        using var service = new ScriptedService(ScriptedService.Http($"{new string('x', 195)}{Key}", "403 Forbidden"));
        machine.Context = machine.Context with
        {
            Secrets = Secrets("{ start: player, port: 1, checks: [ { get: /, headers: { X-Key: '${KEY}' } } ] }"),
            Services = [new CheckedService("web", _ => Task.FromResult($"wrong key {Key}"), _ => Task.FromResult<long?>(null))],
        };

        var result = (await machine.RunAsync("[ { get: /, headers: { X-Key: '${KEY}' } } ]", service.Port)).Single();

        Assert.Contains($"X-Key: {Key}\r\n", service.Requests.Single(), StringComparison.Ordinal);
        Assert.StartsWith("GET / (X-Key: ${KEY}): expected status 200, got status 403: xxx", result.Message, StringComparison.Ordinal);
        Assert.EndsWith("x[mask…", result.Message, StringComparison.Ordinal);
        Assert.EndsWith("  | wrong key [masked]", result.Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the key k&y \"4711\" is wrong")]
    [InlineData("?key=k%26y%20%224711%22")]
    [InlineData("{\"key\":\"k\\u0026y \\u00224711\\u0022\"}")]
    [InlineData("Basic ayZ5ICI0NzExIg==")]
    public void A_secret_is_masked_in_every_form(string text)
    {
        var masked = Secrets("{ environment: { A: '${KEY}' }, start: player, checks: [ { run: a } ] }").Mask(text);

        Assert.Contains("[masked]", masked, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", masked, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lines_of_a_secret_are_masked_one_by_one()
    {
        var secrets = Secrets("{ environment: { A: '${KEY}' }, start: player, checks: [ { run: a } ] }", "first line\nsecond line");

        Assert.Equal("  | [masked]\n  | [masked]", secrets.Mask("  | first line\n  | second line"));
    }

    [Fact]
    public void Variables_that_are_not_set_are_named_with_their_scenario()
    {
        var scenario = machine.Scenario("{ environment: { A: '${KEY} ${OTHER}' }, start: player, checks: [ { run: 'echo ${HOME}' } ] }");

        var exception = Assert.Throws<PipelineException>(() => Pipeline.Validation.Checks.Secrets.For([scenario], _ => null));

        Assert.Equal(
            "Validation needs environment variables that are not set: KEY (scenario plain), OTHER (scenario plain). "
                + "Set them for this run; in GitLab, as masked CI/CD variables.",
            exception.Message
        );
    }

    Secrets Secrets(string scenario, string value = Key) =>
        Pipeline.Validation.Checks.Secrets.For([machine.Scenario(scenario)], name => name == "KEY" ? value : null);

    public void Dispose() => machine.Dispose();
}
