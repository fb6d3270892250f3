"""The names under which the world's exports hide the same few columns, most telling first."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_ID = ("id", "no", "number", "num", "nr", "key", "code", "ref")
_IDZH = ("编号", "号", "id", "编码", "代码", "号码")


def combined(bases: str, ends: tuple[str, ...]) -> list[str]:
    """Return each base with each of the ends."""
    return [base + end for base in bases.split() for end in ends]


def listed(text: str) -> list[str]:
    """Return the names of a text, which stand there with blanks between them."""
    return text.split()


SYNONYMS: dict[str, list[str]] = {
    "customer_id": [
        *combined("customer client cust member household buyer reseller shopper consumer user account", _ID),
        *combined("客户 会员 顾客 买家 用户 消费者", _IDZH),
        *listed("会员卡号 会员卡 卡号 loyaltycard loyaltycardno cardno cardnumber"),
        *listed("customer client member household buyer reseller user account 客户 会员 顾客 买家 用户"),
        *listed("买家会员名 买家昵称 会员名 用户名 username phone mobile 手机号 手机 手机号码 会员手机号"),
        *listed(
            "email emailaddress customeremail buyeremail customername clientname 客户名称 客户姓名 会员姓名 买家姓名"
        ),
    ],
    "order_id": [
        *combined("order salesorder invoice basket transaction receipt ticket bill purchase document sale", _ID),
        *listed(
            "订单号 订单编号 订单id 订单编码 订单号码 主订单号 主订单编号 单号 单据编号 单据号 交易号 交易单号 "
            "流水号 小票号"
        ),
        *listed("销售单号 发票号 发票号码 invoice basket order receipt transaction 订单"),
    ],
    "line_no": [
        *listed("lineno linenumber linenum lineid salesorderlinenumber orderlinenumber orderlineno orderlineid"),
        *listed("orderitemid itemsequence line 行号 明细行号 明细号 子订单号 子订单编号"),
    ],
    "ordered_at": [
        *listed("orderedat orderdate orderdatetime ordertime ordertimestamp invoicedate invoicedatetime"),
        *listed("transactiontimestamp transactiondate transactiondatetime transactiontime purchasedate purchasedat"),
        *listed("purchasetime purchasetimestamp saledate salesdate saletime businessdate receiptdate"),
        *listed(
            "下单时间 下单日期 订单时间 订单日期 交易日期 交易时间 成交时间 成交日期 购买时间 购买日期 "
            "销售日期 销售时间"
        ),
        *listed("消费时间 消费日期 业务日期 付款时间 付款日期 支付时间 支付日期 订单付款时间 订单创建时间 创建时间"),
        *listed("paymentdate paymenttime paidat createdat created createddate timestamp datetime date day time"),
        *listed("日期 时间 orderdatekey datekey invoicedatekey"),
    ],
    "product_id": [
        *listed("stockcode productid productcode productkey productno productnumber sku skuid skucode skuno"),
        *listed("itemid itemcode itemno itemnumber articleid articleno articlenumber upc ean gtin barcode asin"),
        *listed(
            "商品编号 商品编码 商品id 商品代码 商品货号 货号 产品编号 产品编码 产品id 产品代码 货品编号 物料编码 条码"
        ),
        *listed("商品条码 商家编码 sku编码 sku编号 product item article 商品 产品"),
    ],
    "product_name": [
        *listed("description productname productdescription itemname itemdescription producttitle title"),
        *listed("商品名称 商品名 商品标题 产品名称 产品名 品名 货品名称 宝贝标题 宝贝名称 商品描述"),
    ],
    "category": [
        *listed("category productcategory categoryname productcategoryname department producttype productgroup"),
        *listed("品类 类别 商品类别 商品分类 产品类别 产品分类 分类 类目 商品类目 品类名称"),
    ],
    "quantity": [
        *listed("quantity qty orderquantity orderqty orderedquantity unitssold quantitysold salesquantity units"),
        *listed("itemquantity pieces pcs 数量 件数 购买数量 销售数量 商品数量 购买件数 销量 宝贝数量"),
    ],
    "unit_price": [
        *listed("unitprice price itemprice productprice sellingprice saleprice salesprice priceeach priceperunit"),
        *listed("单价 售价 成交单价 成交价 销售单价 商品单价 商品价格 价格 实际单价"),
    ],
    "net_amount": [
        *listed("netamount netsales netrevenue netvalue lineamount linetotal salesamount salesvalue amountpaid"),
        *listed("paidamount paymentamount transactionamount purchaseamount orderamount saleamount totalamount"),
        *listed("totalprice amount sales revenue dollarvalue turnover spend spending sale"),
        *listed(
            "实付金额 实付款 实付 实收金额 实收 买家实际支付金额 实际支付金额 付款金额 支付金额 成交金额 成交额 "
            "销售金额"
        ),
        *listed("销售额 净额 净销售额 消费金额 交易金额 订单金额 金额 总金额 总价 小计 合计 营业额 应付金额"),
        *listed("extendedamount extendedprice total totalvalue ordertotal subtotal grandtotal gmv value"),
    ],
    "cost_amount": [
        *listed(
            "costamount totalproductcost totalcost linecost extendedcost costofgoods costofgoodssold cogs cost costs"
        ),
        *listed("成本金额 总成本 成本额 销售成本 商品总成本 成本 商品成本 产品成本"),
    ],
    "unit_cost": [
        *listed("unitcost costperunit costprice productcost productstandardcost standardcost itemcost purchaseprice"),
        *listed("成本价 单位成本 成本单价 单件成本 进价 进货价 采购价"),
    ],
    "currency": [*listed("currency currencycode currencyiso ccy 币种 货币 币别 货币代码 币种代码")],
    "channel": [
        *listed("channel saleschannel orderchannel channelname platform 渠道 销售渠道 平台 订单来源 来源渠道 渠道名称")
    ],
    "store": [
        *listed("store storeid storeno storenumber storecode storename shop shopid shopname branch branchid outlet"),
        *listed("门店 门店编号 门店名称 门店编码 店铺 店铺名称 店铺编号 网点 分店 店名"),
    ],
    "returns_order_id": [
        *listed("returnsorderid returnorderid originalorderid originalorder originalorderno originalordernumber"),
        *listed("originalinvoice originalinvoiceno refundof returnof creditedinvoice relatedorder relatedorderid"),
        *listed("原订单号 原订单编号 原单号 原始订单号 关联订单号 关联单号"),
    ],
}

CANONICAL = tuple(SYNONYMS)

BARE_COSTS = frozenset(listed("cost costs 成本 商品成本 产品成本"))
"""Names that do not say whether one piece costs that much or the whole line."""

DISCOUNTS = frozenset(
    listed("discount discountpct discountrate discountpercent 折扣 折扣率 优惠 优惠金额 discountamount")
)


@cache
def compact(header: str) -> str:
    """Return a header without case, width, blanks, punctuation or a unit in brackets.

    Examples
    --------
    >>> compact("Customer ID"), compact("金额（元）"), compact("ＩｎｖｏｉｃｅNo.")
    ('customerid', '金额', 'invoiceno')
    """
    text = unicodedata.normalize("NFKC", header).lower()
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", text)
    return re.sub(r"[\W_]+", "", bare) or re.sub(r"[\W_]+", "", text)


_KNOWN = frozenset(name for names in SYNONYMS.values() for name in names)


def known(header: str) -> bool:
    """Tell whether a header is one of the names we know."""
    return compact(header) in _KNOWN
