using System.Collections;
using PackRelay.TelemetryService.Uptime;

namespace PackRelay.TelemetryService.Tests.Uptime;

public sealed class UptimeWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 2, 0, TimeSpan.Zero);

    [Fact]
    public void Percent_OfAServerThatBeatInEverySlotOfItsLife_Is100()
    {
        var created = Now.AddHours(-3).AddMinutes(1);
        Assert.Equal(100, UptimeWindow.Percent(Beats(created, Now, every: 1), _ => true, created, Now));
    }

    [Fact]
    public void Percent_OfAServerThatNeverBeat_Is0() => Assert.Equal(0, UptimeWindow.Percent(Beats(Now, Now, every: 0), _ => true, Now.AddDays(-1), Now));

    [Fact]
    public void Percent_OfAServerThatBeatInEverySecondSlot_IsAboutHalf() =>
        Assert.InRange(UptimeWindow.Percent(Beats(Now.AddDays(-30), Now, every: 2), _ => true, Now.AddDays(-30), Now), 49.9, 50.1);

    [Theory]
    [InlineData(3, 33.3)]
    [InlineData(7, 14.3)]
    public void Percent_ThatIsNoWholeNumber_HasOneDecimal(int every, double percent)
    {
        var created = Now.AddDays(-30);
        var aligned = Now - (Slots.Length * (2016 % every)); // so many slots of the window that the share is exact but for the rounding
        Assert.Equal(percent, UptimeWindow.Percent(Beats(created, aligned, every), _ => true, created, aligned));
    }

    [Fact]
    public void Percent_WithSlotsInWhichTheHubWasAway_LeavesThemOut()
    {
        var (created, outage) = (Now.AddHours(-10), Slots.Of(Now.AddHours(-5)));
        Assert.Equal(100, UptimeWindow.Percent(Beats(created, Now, every: 1, except: outage), slot => slot != outage, created, Now));
        Assert.InRange(UptimeWindow.Percent(Beats(created, Now, every: 1, except: outage), _ => true, created, Now), 99, 99.9);
    }

    [Fact]
    public void Percent_BeforeTheWindow_DoesNotCount()
    {
        var days = Beats(Now.AddDays(-20), Now.AddDays(-8), every: 1);
        Assert.Equal(0, UptimeWindow.Percent(days, _ => true, Now.AddDays(-20), Now));
    }

    [Fact]
    public void Percent_InTheSlotsOfRegistrationAndOfNow_CountsThemOnlyWithABeat()
    {
        var created = Now.AddMinutes(-14); // 11:48: the slots of 11:45 and 12:00 are not whole
        Assert.Equal(100, UptimeWindow.Percent(Beats(Now.AddMinutes(-12), Now.AddMinutes(-5), every: 1), _ => true, created, Now));
    }

    private static Dictionary<DateOnly, BitArray> Beats(DateTimeOffset from, DateTimeOffset to, int every, long? except = null)
    {
        var days = new Dictionary<DateOnly, BitArray>();
        for (var slot = Slots.Of(from); every > 0 && slot <= Slots.Of(to); slot += every)
        {
            if (slot == except) continue;
            if (!days.TryGetValue(Slots.DayOf(slot), out var day)) days[Slots.DayOf(slot)] = day = new BitArray(Slots.PerDay);
            day[Slots.InDay(slot)] = true;
        }

        return days;
    }
}
