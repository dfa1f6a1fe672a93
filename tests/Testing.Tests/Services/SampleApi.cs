using PackRelay.Testing.Services;

namespace PackRelay.Testing.Tests.Services;

public sealed class SampleApi() : ServiceFixture<SampleApi>(new() { Database = "sampledb", Redis = true, Messaging = true, SteppedClock = true });
