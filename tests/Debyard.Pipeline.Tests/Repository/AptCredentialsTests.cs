using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Tests.Repository;

public class AptCredentialsTests
{
    [Fact]
    public void The_token_is_for_the_branchs_addresses_and_no_others() =>
        Assert.Equal(
            "machine https://debyard.example.org/feature-x/ login debyard password t0ken\n",
            AptCredentials.Render(
                """
                Types: deb
                URIs: https://debyard.example.org/feature-x/
                Suites: stable
                Components: main

                Types: deb
                URIs: https://debyard.example.org/feature-x/
                Suites: testing
                Components: main contrib
                """,
                "t0ken"
            )
        );
}
